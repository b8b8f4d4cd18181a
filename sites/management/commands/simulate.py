from django.utils.translation import gettext_lazy as _

from sites.management.arguments import positive
from sites.management.base import BadArguments, SiteCommand, day
from sites.simulation.services import Refused, simulate


class Command(SiteCommand):
    help = _("Écrit un passé plausible pour S01, S02 … : des faits seulement, les mêmes à chaque fois.")

    def add_arguments(self, parser):
        parser.add_argument("--sites", type=positive, required=True, help=_("De S01 à ce site."))
        parser.add_argument("--days", type=positive, required=True, help=_("Jours de service."))
        parser.add_argument("--seed", type=int, required=True, help=_("Une autre graine, un autre passé."))
        parser.add_argument(
            "--until", type=day, metavar="DATE", help=_("Dernier jour de service; sinon le dernier fermé.")
        )
        parser.add_argument(
            "--visits-per-day", type=positive, help=_("Arrivées par jour, en moyenne, à chaque site.")
        )

    def run(self, *, sites, days, seed, until, visits_per_day, **options):
        try:
            made = simulate(sites=sites, days=days, seed=seed, until=until, visits_per_day=visits_per_day)
        except Refused as why:
            raise BadArguments(str(why)) from why
        return f"{days} × {', '.join(site.code for site in made)}"
