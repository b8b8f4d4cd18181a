"""How long it took (domain.md §7b, 5 and 25). Durations are counted in bins, so that any period has its own
median: waits by the minute, times from recognition by 10 seconds.
"""

from collections.abc import Iterable

from sites.indicators.declaring import Between, Chapter, binned
from sites.indicators.derived import Quantile
from sites.indicators.facts import DayFacts
from sites.indicators.of_overdoses import overdoses
from sites.indicators.populations import OVERDOSES, SEATED_VISITS
from sites.indicators.terms import MINUTES, SECONDS, Values

CHAPTER = Chapter()
FEWEST_FOR_A_MEDIAN = 5
TEN_SECONDS = 10
# Beyond these, the last bin: eight hours of waiting, one hour to a gesture.
MOST_MINUTES, MOST_TENS = 480, 360
DAY_MINUTES = 25 * 60


@CHAPTER.counter("wait_bins")
def wait_bins(facts: DayFacts) -> Values:
    waits = ((v.seated_at - v.arrived_at).total_seconds() for v in facts.visits if v.seated_at is not None)
    return binned(waits, bin_s=60, most=MOST_MINUTES)


@CHAPTER.counter("oxygen_bins")
def oxygen_bins(facts: DayFacts) -> Values:
    return _tens(event.oxygen_after_s for event in overdoses(facts))


@CHAPTER.counter("naloxone_bins")
def naloxone_bins(facts: DayFacts) -> Values:
    return _tens(event.naloxone_after_s for event in overdoses(facts))


def _tens(seconds: Iterable[int | None]) -> Values:
    return binned((s for s in seconds if s is not None), bin_s=TEN_SECONDS, most=MOST_TENS)


CHAPTER.derived(
    "median_wait_min",
    Quantile("wait_bins"),
    label_fr="Attente médiane",
    label_en="Median wait",
    definition_fr="Médiane des minutes entières entre l’arrivée et la première place, pour les visites "
    "qui ont les deux.",
    definition_en="Median of whole minutes from arrival to the first booth, for visits that have both.",
    unit=MINUTES,
    population=SEATED_VISITS,
    plausible=(Between(0, DAY_MINUTES),),
)

CHAPTER.derived(
    "p90_wait_min",
    Quantile("wait_bins", q=0.9),
    label_fr="Attente de neuf personnes sur dix",
    label_en="Wait of nine people in ten",
    definition_fr="Le nombre de minutes entières que neuf visites sur dix n’ont pas dépassé entre l’arrivée "
    "et la première place (90e centile).",
    definition_en="The whole minutes that nine visits in ten did not exceed from arrival to the first booth "
    "(90th percentile).",
    unit=MINUTES,
    population=SEATED_VISITS,
    plausible=(Between(0, DAY_MINUTES),),
)

CHAPTER.derived(
    "median_time_to_o2_s",
    Quantile("oxygen_bins", width=TEN_SECONDS, fewest=FEWEST_FOR_A_MEDIAN),
    label_fr="Temps médian jusqu’à l’oxygène",
    label_en="Median time to oxygen",
    definition_fr="Secondes, aux 10 s près, de la reconnaissance à l’oxygène, pour les surdoses présumées "
    "fermées; rien à moins de 5.",
    definition_en="Seconds, by 10 s, from recognition to oxygen, for closed suspected overdoses; none "
    "under 5 of them.",
    unit=SECONDS,
    population=OVERDOSES,
)

CHAPTER.derived(
    "median_time_to_first_naloxone_s",
    Quantile("naloxone_bins", width=TEN_SECONDS, fewest=FEWEST_FOR_A_MEDIAN),
    label_fr="Temps médian jusqu’à la naloxone",
    label_en="Median time to first naloxone",
    definition_fr="Secondes, aux 10 s près, de la reconnaissance à la première dose, pour les surdoses "
    "présumées fermées; rien à moins de 5.",
    definition_en="Seconds, by 10 s, from recognition to the first dose, for closed suspected overdoses; "
    "none under 5 of them.",
    unit=SECONDS,
    population=OVERDOSES,
)
