from pathlib import Path

from django.utils.translation import gettext_lazy as _

from sites.management.base import BadArguments, SiteCommand, the_site
from sites.tablet.unsent_file import Unreadable, take_in


class Command(SiteCommand):
    help = _("Reprend les saisies qu’une tablette a enregistrées dans un fichier.")

    def add_arguments(self, parser):
        self.add_site(parser, required=True)
        parser.add_argument("file", metavar="FILE", type=Path, help=_("Fichier de la tablette."))

    def run(self, *, site, file, **options):
        try:
            told = take_in(the_site(site), file.read_bytes(), by="manage.py")
        except (OSError, Unreadable) as refused:
            raise BadArguments(str(refused)) from refused
        return "\n".join(f"{status.value} {count}" for status, count in sorted(told.items()))
