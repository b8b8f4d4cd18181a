from django.core.management.base import CommandError
from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.management.base import SiteCommand, dumped, the_site
from sites.reports.queries import report_of
from sites.reports.services import as_json

NO_REPORT = 1


class Command(SiteCommand):
    help = _("Écrit la version courante du rapport interne d’un jour de service.")

    def add_arguments(self, parser):
        self.add_site(parser, required=True)
        self.add_day(parser, required=True)
        parser.add_argument("--json", action="store_true", help=_("En JSON."))

    def run(self, *, site, day, json: bool, **options):
        with transaction.atomic():
            chosen = the_site(site)
            report = report_of(chosen, day)
            if report is None:
                raise CommandError(_t("Pas de rapport pour ce jour."), returncode=NO_REPORT)
            found = as_json(chosen, report)
        return dumped(found) if json else "\n".join(lines(found))


def lines(report: dict) -> list[str]:
    head = (report["site"], report["service_date"], f"v{report['version']}", report["status"])
    rows = (
        (
            i["code"],
            i["category"],
            "" if i["value"] is None else str(i["value"]),
            f"v{i['definition_version']}",
        )
        for i in report["indicators"]
    )
    return ["\t".join(cells) for cells in (head, *rows)]
