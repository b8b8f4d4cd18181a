"""Rates of one number to another (domain.md §7b, 26): none where there is too little to tell."""

from sites.indicators.declaring import Between, Chapter
from sites.indicators.derived import Ratio
from sites.indicators.populations import ARRIVALS, OVERDOSES, OVERDOSES_INSIDE
from sites.indicators.terms import PER_1000, PER_EVENT, PERCENT

CHAPTER = Chapter()
FEWEST_EVENTS, FEWEST_CONSUMPTIONS = 5, 100

CHAPTER.derived(
    "od_rate_1000",
    Ratio(
        "overdose_events",
        "consumptions",
        per=1000,
        fewest=FEWEST_EVENTS,
        fewest_whole=FEWEST_CONSUMPTIONS,
    ),
    label_fr="Surdoses pour 1 000 consommations",
    label_en="Overdoses per 1,000 consumptions",
    definition_fr="Surdoses présumées à l’intérieur pour 1 000 consommations notées; rien à moins de 5 "
    "surdoses ou de 100 consommations. L’écran du jour regarde alors 7 jours, puis 28, et le dit.",
    definition_en="Suspected overdoses inside per 1,000 recorded consumptions; none under 5 overdoses or 100 "
    "consumptions. The page of a day then looks at 7 days, then 28, and says so.",
    unit=PER_1000,
    population=OVERDOSES_INSIDE,
    plausible=(Between(0, 1000),),
)

CHAPTER.derived(
    "pct_oxygen_only",
    Ratio("od_oxygen_only", "overdoses_closed"),
    label_fr="Part des surdoses avec oxygène sans naloxone",
    label_en="Share of overdoses with oxygen and no naloxone",
    definition_fr="Part des surdoses présumées fermées avec oxygène ou ventilation et aucune naloxone.",
    definition_en="Share of closed suspected overdoses with oxygen or ventilation and no naloxone.",
    unit=PERCENT,
    population=OVERDOSES,
    plausible=(Between(0, 100),),
)

CHAPTER.derived(
    "naloxone_per_overdose",
    Ratio("overdose_doses_staff", "overdoses_closed", per=1, digits=2),
    label_fr="Doses de naloxone par surdose",
    label_en="Naloxone doses per overdose",
    definition_fr="Doses données par le site aux surdoses présumées fermées, divisées par ces surdoses.",
    definition_en="Doses given by the site at closed suspected overdoses, divided by these overdoses.",
    unit=PER_EVENT,
    population=OVERDOSES,
)

CHAPTER.derived(
    "pct_left_no_consume",
    Ratio("left_no_consume", "arrivals"),
    label_fr="Part des arrivées parties sans consommer",
    label_en="Share of arrivals that left without using",
    definition_fr="Départs sans consommer, sur toutes les arrivées du jour de service.",
    definition_en="People who left without using, over all arrivals of the service day.",
    unit=PERCENT,
    population=ARRIVALS,
    plausible=(Between(0, 100),),
)
