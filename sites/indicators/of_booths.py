"""Numbers of opening hours and of booths (domain.md §7b, 6 and 7)."""

from sites.indicators.declaring import AtMost, Between, Chapter, tally
from sites.indicators.derived import Ratio
from sites.indicators.facts import DayFacts
from sites.indicators.populations import BOOTH_STAYS, BOOTHS, POSTED_HOURS
from sites.indicators.terms import ALL, MINUTES, NOT_DECLARED, PERCENT, Values

CHAPTER = Chapter()


@CHAPTER.number(
    "open_minutes",
    label_fr="Minutes d’ouverture",
    label_en="Minutes open",
    definition_fr="Minutes d’ouverture du jour de service selon le calendrier du site, fermetures notées "
    "comprises.",
    definition_en="Minutes the site was open in the service day, from its calendar with the closures noted.",
    unit=MINUTES,
    population=POSTED_HOURS,
    plausible=(Between(0, 25 * 60),),
)
def open_minutes(facts: DayFacts) -> Values:
    return {ALL: facts.open_minutes}


@CHAPTER.number(
    "booth_minutes_used",
    label_fr="Minutes-places occupées",
    label_en="Booth-minutes used",
    definition_fr="Minutes entières de chaque passage terminé à une place, au jour de service de l’arrivée "
    "de la visite, par voie : la dernière déclarée.",
    definition_en="Whole minutes of each ended stay in a booth, on the service day of the visit’s arrival, "
    "by route: the last one declared.",
    unit=MINUTES,
    breakdowns=("route",),
    population=BOOTH_STAYS,
    plausible=(AtMost("booth_minutes_open", times=2),),
)
def booth_minutes_used(facts: DayFacts) -> Values:
    return tally(facts.stays, lambda stay: stay.route or NOT_DECLARED, weight=lambda stay: stay.minutes)


@CHAPTER.number(
    "booth_minutes_open",
    label_fr="Minutes-places offertes",
    label_en="Booth-minutes open",
    definition_fr="Minutes d’ouverture du jour de service, fois le nombre de places en service ce jour-là.",
    definition_en="Minutes open in the service day, times the number of booths in use that day.",
    unit=MINUTES,
    population=BOOTHS,
)
def booth_minutes_open(facts: DayFacts) -> Values:
    return {ALL: facts.open_minutes * facts.booths}


CHAPTER.derived(
    "booth_occupancy",
    Ratio("booth_minutes_used", "booth_minutes_open"),
    label_fr="Occupation des places",
    label_en="Booth occupancy",
    definition_fr="Part des minutes-places offertes qui ont été occupées.",
    definition_en="Share of the booth-minutes open that were used.",
    unit=PERCENT,
    population=BOOTH_STAYS,
    plausible=(Between(0, 200),),
)
