from sites.management.arguments import Command as OneLine
from sites.management.arguments import day, positive, refuse
from sites.simulation.services import Refused, simulate


class Command(OneLine):
    help = "Writes plausible history for S01, S02 …: facts only, the same for the same arguments."

    def add_arguments(self, parser):
        parser.add_argument("--sites", type=positive, required=True, help="S01 to this one")
        parser.add_argument("--days", type=positive, required=True, help="service days")
        parser.add_argument("--seed", type=int, required=True, help="another seed, another history")
        parser.add_argument("--until", type=day, help="last service day (the last closed one)")
        parser.add_argument("--visits-per-day", type=positive, help="mean arrivals a day, at every site")

    def handle(self, *args, **options):
        try:
            made = simulate(
                sites=options["sites"],
                days=options["days"],
                seed=options["seed"],
                until=options["until"],
                visits_per_day=options["visits_per_day"],
            )
        except Refused as why:
            raise refuse(why) from why
        self.stdout.write(f"{options['days']} days at {', '.join(site.code for site in made)}")
