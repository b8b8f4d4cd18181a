from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sites.indicators.registry import as_json
from sites.management.base import SiteCommand, dumped


class Command(SiteCommand):
    help = _("Écrit le registre des indicateurs.")

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help=_("En JSON, définitions comprises."))

    def run(self, *, json: bool, **options):
        with transaction.atomic():
            registry = as_json()
        return dumped(registry) if json else "\n".join(f"{i['code']}\t{i['label_fr']}" for i in registry)
