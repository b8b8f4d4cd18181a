from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.indicators.services import recount_due
from sites.kiosk.tasks import erase_as_asked
from sites.management.base import SiteCommand
from sites.retention import mirror
from sites.retention.models import RetentionSchedule
from sites.retention.rules import BY_CODE
from sites.retention.services import dry_run, every_site, purge

BY = "purge"


def _code(site) -> str:
    return site.code if site else "—"


class Command(SiteCommand):
    help = _(
        "Détruit ce qui a passé la durée signée et qu’aucun gel ne retient, nettoie les tables et signe un "
        "certificat. Sans calendrier signé, ne détruit rien."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help=_("Dire ce qui partirait, sans rien détruire.")
        )
        self.add_day(parser, "--until")

    def run(self, *, dry_run, until, **options):
        mirror.catch_up()
        if not dry_run:
            erase_as_asked()
        with transaction.atomic():
            if not RetentionSchedule.objects.exists():
                return _t("Aucun calendrier de conservation n’est signé : rien n’est détruit.")
        return self._told(until) if dry_run else self._done(until)

    def _told(self, until) -> str:
        lines = []
        for site in every_site():
            for due in dry_run(site, until):
                told = vars(due) | {"site": _code(site), "rule": BY_CODE[due.rule].name}
                said = _t("%(site)s · %(rule)s : %(count)s d’avant le %(since)s, %(held)s sous gel")
                lines.append(said % told)
        return "\n".join(lines)

    def _done(self, until) -> str:
        recount_due()
        runs = purge(by=BY, until=until)
        lines = []
        for run in runs:
            rows = sum(sum(tables.values()) for tables in run.counts.values())
            told = {"site": _code(run.site), "number": run.number, "rows": rows, "keys": len(run.keys)}
            lines.append(
                _t("%(site)s : certificat %(number)s, %(rows)s lignes et %(keys)s clés détruites.") % told
            )
        return "\n".join(lines) or _t("Rien n’a passé sa durée.")
