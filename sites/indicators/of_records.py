"""How complete the day's records are (domain.md §7b, 34)."""

from sites.indicators.declaring import Chapter, share
from sites.indicators.facts import DayFacts, EventRow
from sites.indicators.terms import ALL, PERCENT, Values
from sites.records.forms import ANY_VALUE

CHAPTER = Chapter()


def _has_endpoint(event: EventRow) -> bool:
    answers = (event.endpoint_rr, event.endpoint_spo2, event.endpoint_awake)
    return any(answer and answer != ANY_VALUE for answer in answers)


@CHAPTER.number(
    "pct_with_endpoint",
    label_fr="Événements avec état final",
    label_en="Events with an endpoint",
    definition_fr="Part des événements fermés dont la respiration, la SpO₂ ou l’éveil a été évalué à la fin.",
    definition_en="Share of closed events whose breathing, SpO₂ or wakefulness was assessed at the end.",
    unit=PERCENT,
    additive=False,
)
def pct_with_endpoint(facts: DayFacts) -> Values:
    closed = [event for event in facts.events if event.closed_at is not None]
    return {ALL: share(sum(_has_endpoint(event) for event in closed), len(closed))}


@CHAPTER.number(
    "pct_backdated_24h",
    label_fr="Saisies de plus de 24 h après",
    label_en="Records typed over 24 h later",
    definition_fr="Part des saisies du jour qui ont été tapées plus de 24 h après les faits, sans les "
    "annulées.",
    definition_en="Share of the day’s records that were typed more than 24 h after the fact, without "
    "voided ones.",
    unit=PERCENT,
    additive=False,
)
def pct_backdated(facts: DayFacts) -> Values:
    return {ALL: share(facts.backdated, facts.records)}


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
