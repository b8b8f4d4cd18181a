import csv
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.indicators.queries import counted_period, daily_rows, plain
from sites.indicators.services import recount_due
from sites.management.base import BadArguments, SiteCommand
from sites.places.models import Site
from sites.releases.queries import as_sealed_rows

COLUMNS = ("site", "region", "period_start", "period_end", "indicator", "category", "value")


class Command(SiteCommand):
    help = _("Écrit les comptes quotidiens exacts, pour un recomptage interne.")

    def add_arguments(self, parser):
        parser.add_argument(
            "--csv", required=True, metavar="FICHIER", help=_("Fichier à écrire; - : la sortie.")
        )
        self.add_day(parser, "--from", "--to")
        parser.add_argument(
            "--as-sealed",
            action="store_true",
            help=_("Ce que chaque case contenait quand elle a été scellée, le tardif à part."),
        )

    def run(self, **options):
        first, last = options["from"], options["to"]
        if first and last and first > last:
            raise BadArguments(_t("--from vient après --to."))
        if options["as_sealed"]:
            write(options["csv"], iter(as_sealed_rows(first, last)))
            return
        recount_due()
        with transaction.atomic():
            sites = list(Site.objects.select_related("region"))
            known = counted_period(sites)
            first, last = first or (known and known[0]), last or (known and known[1])
            write(options["csv"], rows(sites, first, last) if first and last else iter(()))


def rows(sites: list[Site], first: date, last: date) -> Iterator[tuple]:
    for site in sites:
        for day, code, category, value in daily_rows(site, first, last):
            yield site.code, site.region.code, day, day, code, category, plain(value)


def write(name: str, lines: Iterator[tuple]) -> None:
    """The whole file or none: a file that is there is complete."""
    if name == "-":
        _write_to(sys.stdout, lines)
        return
    target = Path(name)
    try:
        with NamedTemporaryFile("w", dir=target.parent, delete=False, newline="", encoding="utf-8") as file:
            _write_to(file, lines)
        os.replace(file.name, target)
    except OSError as error:
        raise BadArguments(_t("%(file)s ne peut pas être écrit.") % {"file": name}) from error


def _write_to(file, lines: Iterator[tuple]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(lines)
