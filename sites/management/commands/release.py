from pathlib import Path

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sites.management.base import BadArguments, SiteCommand
from sites.releases.publishing import build_due, write_out


class Command(SiteCommand):
    help = _("Écrit les fichiers des publications de tout ce qui est scellé.")

    def add_arguments(self, parser):
        self.add_as_of(parser)
        parser.add_argument(
            "--out", required=True, type=Path, metavar="DOSSIER", help=_("Dossier où écrire.")
        )

    def run(self, **options):
        build_due(waiting=False)
        try:
            written = len(write_out(options["out"]))
        except OSError as error:
            message = _t("%(folder)s ne peut pas être écrit.") % {"folder": options["out"]}
            raise BadArguments(message) from error
        return ngettext("%(n)s publication.", "%(n)s publications.", written) % {"n": written}
