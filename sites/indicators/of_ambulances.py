"""Numbers of calls, ambulances and deaths (domain.md §7b, 23 and 24)."""

from sites.indicators.declaring import AtMost, Chapter, Maps, tally
from sites.indicators.facts import CALL_911, DayFacts
from sites.indicators.populations import CLOSED_EVENTS, EVERY_EVENT
from sites.indicators.terms import Values
from sites.overdoses.terms import CANCELLED, DIED_ON_SITE

CHAPTER = Chapter()
CALLS_CAP = 4


@CHAPTER.number(
    "ems_calls",
    label_fr="Appels au 911",
    label_en="Calls to 911",
    definition_fr="Appels notés à tout événement, plus 1 quand la fermeture dit qu’il y a eu appel et "
    "qu’aucun n’est noté. Les appels annulés ne comptent pas.",
    definition_en="Calls recorded at any event, plus 1 when closing says there was a call and none is "
    "recorded. Cancelled calls do not count.",
    maps=Maps(hc="Calls to EMS", cts="911 calls related to an overdose"),
    population=EVERY_EVENT,
)
def ems_calls(facts: DayFacts) -> Values:
    return tally(facts.events, weight=lambda event: event.ems_calls)


@CHAPTER.number(
    "ems_calls_capped",
    label_fr="Appels au 911, 4 au plus par événement",
    label_en="Calls to 911, at most 4 an event",
    definition_fr="Comme les appels au 911, mais un événement n’en compte jamais plus de 4; sert aux "
    "publications.",
    definition_en="As calls to 911, but one event never counts more than 4; for what is released.",
    internal=True,
    population=EVERY_EVENT,
)
def ems_calls_capped(facts: DayFacts) -> Values:
    return tally(facts.events, weight=lambda event: min(event.ems_calls, CALLS_CAP))


@CHAPTER.number(
    "ems_cancelled",
    label_fr="Appels au 911 annulés",
    label_en="Cancelled calls to 911",
    definition_fr="Appels notés comme annulés à tout événement. Ils ne sont pas dans les appels.",
    definition_en="Calls recorded as cancelled at any event. They are not among the calls.",
    population=EVERY_EVENT,
)
def ems_cancelled(facts: DayFacts) -> Values:
    return tally(step for step in facts.steps if step.step == CALL_911 and step.choice == CANCELLED)


@CHAPTER.number(
    "ems_arrivals",
    label_fr="Arrivées de l’ambulance",
    label_en="Ambulance arrivals",
    definition_fr="Événements où une arrivée de l’ambulance est notée.",
    definition_en="Events where an ambulance arrival is recorded.",
    population=EVERY_EVENT,
)
def ems_arrivals(facts: DayFacts) -> Values:
    return tally({step.event for step in facts.steps if step.step == "ems_arrival"})


@CHAPTER.number(
    "transports",
    label_fr="Transports à l’urgence",
    label_en="Transports to hospital",
    definition_fr="Événements fermés avec l’issue « transportée ».",
    definition_en="Closed events whose outcome is “transported”.",
    population=CLOSED_EVENTS,
    plausible=(AtMost("events_closed"),),
)
def transports(facts: DayFacts) -> Values:
    return tally(event for event in facts.events if event.outcome == "transport")


@CHAPTER.number(
    "deaths_onsite",
    label_fr="Décès sur place",
    label_en="Deaths on site",
    definition_fr="Événements fermés avec l’issue « décès sur place », quelle que soit la présentation.",
    definition_en="Closed events whose outcome is “died on site”, whatever the presentation.",
    maps=Maps(cts="Overdose deaths"),
    population=CLOSED_EVENTS,
)
def deaths_onsite(facts: DayFacts) -> Values:
    return tally(event for event in facts.events if event.outcome == DIED_ON_SITE)
