import json
from argparse import ArgumentTypeError
from dataclasses import asdict

from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from sites.management.arguments import positive
from sites.management.base import SiteCommand
from sites.simulation.signal_years import replay

RATES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
COLUMNS = ("false_alarms", "tripled_24h", "best_24h", "tripled_48h", "tripled_found", "doubled_weeks")


def rates(text: str) -> tuple[float, ...]:
    try:
        given = tuple(float(one) for one in text.split(","))
    except ValueError:
        given = ()
    if not given or not all(0.1 <= one <= 20 for one in given):
        raise ArgumentTypeError(gettext_now("Des nombres de 0.1 à 20, séparés par des virgules."))
    return given


class Command(SiteCommand):
    help = _("Rejoue deux années simulées par site : ce que les signaux trouvent, et leurs fausses alarmes.")

    def add_arguments(self, parser):
        parser.add_argument("--sites", type=positive, default=20, help=_("Sites par fréquence (20)."))
        parser.add_argument("--seed", type=int, default=1, help=_("Graine du hasard (1)."))
        parser.add_argument(
            "--rates", type=rates, default=RATES, help=_("Surdoses présumées par jour, comme 1,2,4.")
        )
        parser.add_argument("--json", action="store_true", help=_("Une ligne JSON par fréquence."))

    def handle(self, *args, sites, seed, rates, **options):
        """Without a database: nothing is read, nothing is written."""
        if not options["json"]:
            self.stdout.write(" ".join(f"{name:>13}" for name in ("rate", *COLUMNS)))
        for result in replay(rates, sites=sites, seed=seed):
            told = asdict(result)
            if options["json"]:
                self.stdout.write(json.dumps({name: round(value, 3) for name, value in told.items()}))
            else:
                self.stdout.write(" ".join(f"{told[name]:13.2f}" for name in ("rate", *COLUMNS)))
