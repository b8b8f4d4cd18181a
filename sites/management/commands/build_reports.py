from django.utils.translation import gettext_lazy as _

from sites.indicators.services import recount_due
from sites.management.base import SiteCommand, the_site
from sites.reports.services import build_due


class Command(SiteCommand):
    help = _("Construit les rapports internes qui sont dus, comme le ferait la tâche de fond.")

    def add_arguments(self, parser):
        self.add_site(parser)
        self.add_day(parser)
        self.add_as_of(parser)

    def run(self, *, site, day, **options):
        chosen = the_site(site) if site else None
        recount_due()
        built = build_due(site=chosen, day=day)
        return f"{built}"
