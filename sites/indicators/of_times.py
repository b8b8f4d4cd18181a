"""How long it took, from recognition (domain.md §7b, 25)."""

from collections.abc import Iterable

from sites.indicators.declaring import Chapter, middle
from sites.indicators.facts import DayFacts
from sites.indicators.of_overdoses import overdoses
from sites.indicators.terms import ALL, SECONDS, Values

CHAPTER = Chapter()
FEWEST_FOR_A_MEDIAN = 5


def _median_s(seconds: Iterable[int | None]) -> Values:
    bins = middle((s for s in seconds if s is not None), bin_s=10, at_least=FEWEST_FOR_A_MEDIAN)
    return {ALL: None if bins is None else bins * 10}


@CHAPTER.number(
    "median_time_to_o2_s",
    label_fr="Temps médian jusqu’à l’oxygène",
    label_en="Median time to oxygen",
    definition_fr="Secondes, aux 10 s près, de la reconnaissance à l’oxygène, pour les surdoses présumées "
    "fermées; rien à moins de 5.",
    definition_en="Seconds, by 10 s, from recognition to oxygen, for closed suspected overdoses; none "
    "under 5 of them.",
    unit=SECONDS,
    additive=False,
)
def median_time_to_o2(facts: DayFacts) -> Values:
    return _median_s(event.oxygen_after_s for event in overdoses(facts))


@CHAPTER.number(
    "median_time_to_first_naloxone_s",
    label_fr="Temps médian jusqu’à la naloxone",
    label_en="Median time to first naloxone",
    definition_fr="Secondes, aux 10 s près, de la reconnaissance à la première dose, pour les surdoses "
    "présumées fermées; rien à moins de 5.",
    definition_en="Seconds, by 10 s, from recognition to the first dose, for closed suspected overdoses; "
    "none under 5 of them.",
    unit=SECONDS,
    additive=False,
)
def median_time_to_first_naloxone(facts: DayFacts) -> Values:
    return _median_s(event.naloxone_after_s for event in overdoses(facts))
