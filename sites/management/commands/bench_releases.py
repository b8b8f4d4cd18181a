import json

from django.utils.translation import gettext_lazy as _

from sites.management.arguments import positive
from sites.management.base import BadArguments, SiteCommand
from sites.simulation.release_year import measure


class Command(SiteCommand):
    help = _("Mesure une année de publications, dans une base sans site; rien n’en reste.")

    def add_arguments(self, parser):
        parser.add_argument("--sites", type=positive, default=20, help=_("Sites (20)."))
        parser.add_argument("--days", type=positive, default=365, help=_("Matins (365)."))

    def run(self, *, sites, days, **options):
        try:
            return json.dumps(measure(sites, days).as_json())
        except ValueError as why:
            raise BadArguments(str(why)) from why
