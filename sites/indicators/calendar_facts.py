"""The facts of a calendar month, by the instant of each (privacy.md R11)."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sites.indicators.facts import DayFacts, load_days
from sites.indicators.periods import ONE_DAY
from sites.places.models import Site


def month_bounds(site: Site, month: date) -> tuple[datetime, datetime]:
    """[start, end) of a calendar month, from local midnight to local midnight, in UTC."""
    following = (month.replace(day=28) + 4 * ONE_DAY).replace(day=1)
    return _midnight(site, month.replace(day=1)), _midnight(site, following)


def _midnight(site: Site, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(site.zone)).astimezone(ZoneInfo("UTC"))


def month_facts(site: Site, month: date) -> DayFacts:
    """What happened in a calendar month, as one big day: visits by arrival, everything else by its instant.

    The service days of a month, and the one before, hold all of it.
    """
    start, end = month_bounds(site, month)
    first = month.replace(day=1) - ONE_DAY
    days = [first + n * ONE_DAY for n in range((end - start).days + 3)]
    loaded = [facts for day, facts in load_days(site, days).items()]
    found = DayFacts(site, month)
    found.visits = _within(loaded, "visits", "arrived_at", start, end)
    found.consumptions = _within(loaded, "consumptions", "at", start, end)
    found.turn_aways = _within(loaded, "turn_aways", "at", start, end)
    found.events = _within(loaded, "events", "opened_at", start, end)
    events, refs = {event.pk for event in found.events}, {visit.ref for visit in found.visits}
    found.staff_doses = [dose for facts in loaded for dose in facts.staff_doses if dose.event in events]
    found.steps = [step for facts in loaded for step in facts.steps if step.event in events]
    found.visits_in_emergency = {r for facts in loaded for r in facts.visits_in_emergency if r in refs}
    return found


def _within(loaded: Iterable[DayFacts], rows: str, at: str, start: datetime, end: datetime) -> list[Any]:
    return [row for facts in loaded for row in getattr(facts, rows) if start <= getattr(row, at) < end]
