"""Numbers of suspected overdoses and other emergencies (domain.md §7b, 14–22, 27 and 36).

An event counts on its own service day. One that is not closed has no presentation and no outcome:
it counts nowhere either is asked. Where an event is not limited to the overdose set or to the
inside, every event counts (design §6, Definitions that decide counts).
"""

from sites.indicators.declaring import AtMost, Chapter, Maps, tally
from sites.indicators.facts import DayFacts
from sites.indicators.populations import (
    ARRIVALS,
    CLOSED_EVENTS,
    EVERY_EVENT,
    OVERDOSES,
    OVERDOSES_INSIDE,
    SITE_DOSES,
)
from sites.indicators.rows import EventRow
from sites.indicators.terms import MILLIGRAMS, Values
from sites.overdoses.terms import STIMULANT, EventClass

CHAPTER = Chapter()
DOSES_CAP = 9
LONG_OBSERVATION_S = 3600


def overdoses(facts: DayFacts) -> list[EventRow]:
    """Closed events of the overdose set, inside or outside."""
    return [event for event in facts.events if event.event_class == EventClass.OVERDOSE]


@CHAPTER.counter("overdoses_closed")
def overdoses_closed(facts: DayFacts) -> Values:
    return tally(overdoses(facts))


@CHAPTER.counter("overdose_doses_staff")
def overdose_doses_staff(facts: DayFacts) -> Values:
    """Doses by the site at closed suspected overdoses alone."""
    return tally(overdoses(facts), weight=lambda event: event.doses_staff)


def _presentation(event: EventRow) -> str:
    return event.presentation


def _product(dose) -> str:
    return dose.product


def _dose_route(dose) -> str:
    return dose.route


@CHAPTER.number(
    "overdose_events",
    label_fr="Surdoses présumées",
    label_en="Suspected overdoses",
    definition_fr="Événements fermés à l’intérieur du site dont la présentation est une surdose présumée "
    ": opioïde, sédation prolongée, mélange, alcool, GHB ou drogue inconnue.",
    definition_en="Closed events inside the site that presented as a suspected overdose: opioid, "
    "prolonged sedation, mixed, alcohol, GHB or unknown drug.",
    breakdowns=("presentation", "location"),
    maps=Maps(hc="Non-fatal overdoses (with deaths)", cts="Total overdoses (episodes there)"),
    population=OVERDOSES_INSIDE,
)
def overdose_events(facts: DayFacts) -> Values:
    inside = [event for event in overdoses(facts) if not event.outside]
    return tally(inside, _presentation, lambda event: event.location)


@CHAPTER.number(
    "overdose_events",
    label_fr="Surdoses présumées et urgences liées aux drogues",
    label_en="Suspected overdoses and drug emergencies",
    definition_fr="Événements fermés à l’intérieur du site dont la présentation est une surdose présumée ou "
    "la toxicité présumée d’un stimulant, comme un seul titre.",
    definition_en="Closed events inside the site that presented as a suspected overdose or as suspected "
    "stimulant toxicity, under one heading.",
    version=2,
    proposed=True,
    breakdowns=("presentation", "location"),
    maps=Maps(hc="Overdoses and drug emergencies"),
    population=OVERDOSES_INSIDE,
)
def overdoses_and_drug_emergencies(facts: DayFacts) -> Values:
    classes = {EventClass.OVERDOSE, EventClass.DRUG_EMERGENCY}
    inside = [event for event in facts.events if event.event_class in classes and not event.outside]
    return tally(inside, _presentation, lambda event: event.location)


@CHAPTER.number(
    "visits_with_emergency",
    label_fr="Visites avec urgence",
    label_en="Visits with an emergency",
    definition_fr="Visites arrivées ce jour avec au moins un événement de tout genre, encore ouvert ou "
    "non, quel que soit le jour de l’événement.",
    definition_en="Visits that arrived that day with at least one event of any kind, still open or not, "
    "whatever the day of the event.",
    maps=Maps(drsp="Visites avec intervention d’urgence ou en situation de surdose"),
    population=ARRIVALS,
    plausible=(AtMost("arrivals"),),
)
def visits_with_emergency(facts: DayFacts) -> Values:
    return tally(visit for visit in facts.visits if visit.ref in facts.visits_in_emergency)


@CHAPTER.number(
    "overdose_outside",
    label_fr="Urgences à l’extérieur",
    label_en="Events outside",
    definition_fr="Événements à l’entrée, aux abords ou dans la rue, quelle que soit la présentation, "
    "ouverts compris.",
    definition_en="Events at the entrance, around the site or in the street, whatever the presentation, "
    "open ones included.",
    population=EVERY_EVENT,
)
def overdose_outside(facts: DayFacts) -> Values:
    return tally(event for event in facts.events if event.outside)


@CHAPTER.number(
    "od_oxygen_only",
    label_fr="Oxygène sans naloxone",
    label_en="Oxygen without naloxone",
    definition_fr="Surdoses présumées fermées avec oxygène ou ventilation et aucune naloxone, de qui que "
    "ce soit.",
    definition_en="Closed suspected overdoses with oxygen or ventilation and no naloxone from anyone.",
    maps=Maps(cts="O2/rescue breaths/stimulation only (with stimulation)"),
    population=OVERDOSES,
    plausible=(AtMost("overdoses_closed"),),
)
def od_oxygen_only(facts: DayFacts) -> Values:
    return tally(event for event in overdoses(facts) if event.oxygen and not event.doses)


@CHAPTER.number(
    "od_naloxone_staff",
    label_fr="Surdoses avec naloxone du site",
    label_en="Overdoses given naloxone by the site",
    definition_fr="Surdoses présumées fermées avec au moins une dose donnée par l’équipe ou une paire "
    "aidante du site.",
    definition_en="Closed suspected overdoses with at least one dose given by staff or a peer of the site.",
    maps=Maps(hc="Overdoses requiring naloxone", cts="Treated with naloxone by staff"),
    population=OVERDOSES,
    plausible=(AtMost("overdoses_closed"),),
)
def od_naloxone_staff(facts: DayFacts) -> Values:
    return tally(event for event in overdoses(facts) if event.doses_staff)


@CHAPTER.number(
    "naloxone_doses_staff",
    label_fr="Doses de naloxone du site",
    label_en="Naloxone doses by the site",
    definition_fr="Doses données par l’équipe ou une paire aidante du site, à tout événement, au jour de "
    "service de l’événement. Celles de l’ambulance n’y sont pas.",
    definition_en="Doses given by staff or a peer of the site, at any event, on the service day of the "
    "event. Those of the ambulance are not included.",
    breakdowns=("product", "dose_route"),
    maps=Maps(cts="Naloxone doses by CTS staff"),
    population=SITE_DOSES,
)
def naloxone_doses_staff(facts: DayFacts) -> Values:
    return tally(facts.staff_doses, _product, _dose_route)


@CHAPTER.number(
    "naloxone_doses_staff_capped",
    label_fr="Doses de naloxone du site, 9 au plus par événement",
    label_en="Naloxone doses by the site, at most 9 an event",
    definition_fr="Comme les doses du site, mais un événement n’en compte jamais plus de 9; sert aux "
    "publications.",
    definition_en="As doses by the site, but one event never counts more than 9; for what is released.",
    internal=True,
    population=SITE_DOSES,
)
def naloxone_doses_staff_capped(facts: DayFacts) -> Values:
    return tally(facts.events, weight=lambda event: min(event.doses_staff, DOSES_CAP))


@CHAPTER.number(
    "naloxone_mg_staff",
    label_fr="Naloxone donnée par le site",
    label_en="Naloxone given by the site",
    definition_fr="Milligrammes des doses données par le site.",
    definition_en="Milligrams of the doses given by the site.",
    unit=MILLIGRAMS,
    breakdowns=("product", "dose_route"),
    population=SITE_DOSES,
    plausible=(AtMost("naloxone_doses_staff", times=20),),
)
def naloxone_mg_staff(facts: DayFacts) -> Values:
    return tally(facts.staff_doses, _product, _dose_route, weight=lambda dose: dose.dose_mg)


@CHAPTER.number(
    "od_multi_dose",
    label_fr="Surdoses à deux doses ou plus",
    label_en="Overdoses with two doses or more",
    definition_fr="Surdoses présumées fermées avec au moins deux doses de naloxone, de qui que ce soit.",
    definition_en="Closed suspected overdoses with at least two doses of naloxone, from anyone.",
    population=OVERDOSES,
    plausible=(AtMost("overdoses_closed"),),
)
def od_multi_dose(facts: DayFacts) -> Values:
    return tally(event for event in overdoses(facts) if event.doses >= 2)


def _observed_long(facts: DayFacts) -> set[int]:
    """Events observed for more than an hour, from the first start to the last end."""
    starts: dict[int, list] = {}
    ends: dict[int, list] = {}
    for step in facts.steps:
        if step.step == "observation_start":
            starts.setdefault(step.event, []).append(step.at)
        elif step.step == "observation_end":
            ends.setdefault(step.event, []).append(step.at)
    return {
        event
        for event in starts.keys() & ends.keys()
        if (max(ends[event]) - min(starts[event])).total_seconds() > LONG_OBSERVATION_S
    }


@CHAPTER.number(
    "od_prolonged_sedation",
    label_fr="Sédations prolongées",
    label_en="Prolonged sedation",
    definition_fr="Surdoses présumées fermées comme sédation prolongée, ou observées plus de 60 minutes "
    "sans éveil à la fin.",
    definition_en="Closed suspected overdoses that presented as prolonged sedation, or were observed for "
    "over 60 minutes and not awake at the end.",
    population=OVERDOSES,
    plausible=(AtMost("overdoses_closed"),),
)
def od_prolonged_sedation(facts: DayFacts) -> Values:
    long = _observed_long(facts)
    return tally(
        event
        for event in overdoses(facts)
        if event.presentation == "sedative_prolonged" or (event.pk in long and event.endpoint_awake == "no")
    )


@CHAPTER.number(
    "stimulant_emergencies",
    label_fr="Urgences liées aux stimulants",
    label_en="Stimulant emergencies",
    definition_fr="Événements fermés comme toxicité présumée d’un stimulant, à l’intérieur ou à l’extérieur.",
    definition_en="Closed events that presented as suspected stimulant toxicity, inside or outside.",
    population=CLOSED_EVENTS,
)
def stimulant_emergencies(facts: DayFacts) -> Values:
    return tally(event for event in facts.events if event.presentation == STIMULANT)


@CHAPTER.number(
    "nonod_emergencies",
    label_fr="Autres urgences médicales",
    label_en="Other medical emergencies",
    definition_fr="Événements fermés comme une autre urgence médicale : convulsion seule, allergie, cœur, "
    "détresse psychique, blessure ou autre.",
    definition_en="Closed events that presented as another medical emergency: seizure only, allergy, "
    "cardiac, mental distress, injury or other.",
    population=CLOSED_EVENTS,
)
def nonod_emergencies(facts: DayFacts) -> Values:
    return tally(event for event in facts.events if event.event_class == EventClass.MEDICAL)


@CHAPTER.number(
    "reversals",
    label_fr="Surdoses présumées prises en charge, personne en vie",
    label_en="Suspected overdoses reversed",
    definition_fr="Surdoses présumées fermées, à l’intérieur ou à l’extérieur, avec stimulation, voies "
    "dégagées, oxygène, ventilation ou naloxone du site, et la personne en vie. La naloxone n’est pas "
    "requise.",
    definition_en="Closed suspected overdoses, inside or outside, with stimulation, airway, oxygen, "
    "ventilation or naloxone by the site, and the person alive. Naloxone is not required.",
    breakdowns=("presentation",),
    population=OVERDOSES,
    plausible=(AtMost("overdoses_closed"),),
)
def reversals(facts: DayFacts) -> Values:
    return tally((event for event in facts.events if event.reversal), _presentation)
