from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sites.indicators.registry import as_json
from sites.management.base import SiteCommand, dumped


class Command(SiteCommand):
    help = _("Écrit le registre des indicateurs.")

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help=_("En JSON, définitions comprises."))

        parser.add_argument(
            "--markdown", action="store_true", help=_("Le dictionnaire, en anglais, pour docs/.")
        )

    def run(self, *, json: bool, markdown: bool, **options):
        with transaction.atomic():
            registry = as_json()
        if markdown:
            return "\n".join(dictionary(registry))
        return dumped(registry) if json else "\n".join(f"{i['code']}\t{i['label_fr']}" for i in registry)


def dictionary(registry: list[dict]) -> Iterator[str]:
    yield "# The numbers\n\nWritten by `manage.py indicators --markdown` from `sites/indicators/of_*.py`.\n"
    for i in registry:
        yield f"## `{i['code']}` {i['label_en']} · {i['label_fr']}\n{i['definition_en']}"
        yield f"- Counts: {i['population_en']}\n- Leaves out: {i['excluded_en']}"
        adds = "adds up" if i["additive"] else "cannot be added up"
        yield f"- Version {i['version']}, unit {i['unit']}, clock {i['clock']}, {adds}"
        parts = [name if disjoint else f"{name} (overlapping)" for name, disjoint in i["breakdowns"].items()]
        for name, told in (("By", parts), ("Made of", i["derived_from"])):
            if told:
                yield f"- {name}: {', '.join(told)}"
        maps = [f"{name.upper()}: {told}" for name, told in i["maps"].items() if told]
        if maps:
            yield f"- Elsewhere: {'; '.join(maps)}"
        yield ""
