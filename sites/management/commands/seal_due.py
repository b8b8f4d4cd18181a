from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sites.indicators.services import recount_due
from sites.management.base import SiteCommand
from sites.releases.sealing import seal_due


class Command(SiteCommand):
    help = _("Tire et scelle les cellules dues; une deuxième fois ne change rien.")

    def add_arguments(self, parser):
        self.add_as_of(parser)

    def run(self, **options):
        recount_due()
        sealed = seal_due()
        return ngettext("%(n)s cellule scellée.", "%(n)s cellules scellées.", sealed) % {"n": sealed}
