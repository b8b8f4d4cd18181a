"""How complete the day's records are (domain.md §7b, 34)."""

from sites.indicators.declaring import Between, Chapter, tally
from sites.indicators.derived import Ratio
from sites.indicators.facts import DayFacts
from sites.indicators.populations import CLOSED_EVENTS, IMPORTED
from sites.indicators.rows import EventRow
from sites.indicators.terms import ALL, PERCENT, Values
from sites.records.forms import ANY_VALUE

CHAPTER = Chapter()


def _has_endpoint(event: EventRow) -> bool:
    answers = (event.endpoint_rr, event.endpoint_spo2, event.endpoint_awake)
    return any(answer and answer != ANY_VALUE for answer in answers)


@CHAPTER.counter("events_closed")
def events_closed(facts: DayFacts) -> Values:
    return tally(event for event in facts.events if event.closed_at is not None)


@CHAPTER.counter("events_with_endpoint")
def events_with_endpoint(facts: DayFacts) -> Values:
    return tally(event for event in facts.events if event.closed_at is not None and _has_endpoint(event))


CHAPTER.derived(
    "pct_with_endpoint",
    Ratio("events_with_endpoint", "events_closed"),
    label_fr="Événements avec état final",
    label_en="Events with an endpoint",
    definition_fr="Part des événements fermés dont la respiration, la SpO₂ ou l’éveil a été évalué à la fin.",
    definition_en="Share of closed events whose breathing, SpO₂ or wakefulness was assessed at the end.",
    unit=PERCENT,
    population=CLOSED_EVENTS,
    plausible=(Between(0, 100),),
)


@CHAPTER.counter("records_typed")
def records_typed(facts: DayFacts) -> Values:
    return {ALL: facts.records}


@CHAPTER.counter("records_backdated")
def records_backdated(facts: DayFacts) -> Values:
    return {ALL: facts.backdated}


CHAPTER.derived(
    "pct_backdated_24h",
    Ratio("records_backdated", "records_typed"),
    label_fr="Saisies de plus de 24 h après",
    label_en="Records typed over 24 h later",
    definition_fr="Part des saisies du jour qui ont été tapées plus de 24 h après les faits, sans les "
    "annulées.",
    definition_en="Share of the day’s records that were typed more than 24 h after the fact, without "
    "voided ones.",
    unit=PERCENT,
    plausible=(Between(0, 100),),
)


@CHAPTER.number(
    "open_records",
    label_fr="Dossiers à compléter",
    label_en="Open records",
    definition_fr="Visites arrivées ce jour sans départ, événements pas encore fermés, saisies qui "
    "attendent une personne.",
    definition_en="Visits of that day with no departure, events not yet closed, records that wait for a "
    "person.",
    breakdowns=("open_kind",),
)
def open_records(facts: DayFacts) -> Values:
    kinds = {
        "visit": sum(visit.ended_at is None for visit in facts.visits),
        "event": sum(event.closed_at is None for event in facts.events),
        "record": facts.kept_records,
    }
    return {ALL: sum(kinds.values()), **kinds}


@CHAPTER.number(
    "visits_imported",
    label_fr="Visites d’un registre importé",
    label_en="Visits from an imported register",
    definition_fr="Arrivées de ce jour de service qui viennent d’un registre tenu ailleurs, et non de "
    "l’équipe sur le moment. Elles comptent avec les autres.",
    definition_en="Arrivals of that service day that come from a register kept elsewhere, not from staff at "
    "the time. They count with all others.",
    population=IMPORTED,
)
def visits_imported(facts: DayFacts) -> Values:
    return {ALL: facts.imported_visits}


@CHAPTER.number(
    "overdoses_imported",
    label_fr="Surdoses d’un registre importé",
    label_en="Overdoses from an imported register",
    definition_fr="Événements de ce jour de service qui viennent d’un registre tenu ailleurs. Ils comptent "
    "avec les autres.",
    definition_en="Events of that service day that come from a register kept elsewhere. They count with all "
    "others.",
    population=IMPORTED,
)
def overdoses_imported(facts: DayFacts) -> Values:
    return {ALL: facts.imported_events}
