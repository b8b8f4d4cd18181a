"""A week that has closed against the same weeks of the years before, once there are three of them."""

from collections import Counter
from datetime import date, datetime, timedelta
from importlib import import_module

from sites.indicators.queries import first_day
from sites.places.models import Site
from sites.places.queries import day_bounds
from sites.signals.queries import suspected
from sites.signals.terms import Method
from sites.signals.watching import Finding, episodes

# Its regression brings statsmodels, which only a worker with a week to judge loads.
FARRINGTON = "sites.signals.methods.farrington"
A_WEEK, SUNDAY = timedelta(days=7), 6
ALPHA = 0.005
FEWEST_YEARS, MOST_YEARS = 3, 5
YEARS_READ = 6
WEEKS_A_YEAR = 52


def weeks_until(site: Site, sunday: date) -> list[int]:
    """Suspected overdoses of each whole week, the last one ending that Sunday; none before the first fact."""
    begun = first_day(site)
    if begun is None:
        return []
    weeks = min(YEARS_READ * WEEKS_A_YEAR, ((sunday - begun).days + 1) // 7)
    first = sunday - weeks * A_WEEK + timedelta(days=1)
    days = suspected(site, first, sunday).values_list("service_date", flat=True)
    counts = Counter((day - first).days // 7 for day in days)
    return [counts[n] for n in range(weeks)]


def week_findings(site: Site, closed: date) -> list[Finding]:
    """What the week that this day ended says; nothing on other days."""
    if closed.weekday() != SUNDAY:
        return []
    counts = weeks_until(site, closed)
    monday = day_bounds(site, closed - A_WEEK + timedelta(days=1))[0]
    found = _raised(counts, len(counts) - 1, monday)
    return [found] if found else []


def years_before(week: int) -> int:
    """How many whole years, with some weeks around, lie before a week; five at most."""
    return min(MOST_YEARS, (week - 3) // WEEKS_A_YEAR)


def _raised(counts: list[int], week: int, since: datetime) -> Finding | None:
    """What is unusual about one week; None with less than three years before it."""
    years = years_before(week)
    if years < FEWEST_YEARS:
        return None
    judged = import_module(FARRINGTON).judge(counts, week, years=years, alpha=ALPHA)
    if judged is None or judged.observed <= judged.limit:
        return None
    told = {
        "limit": round(judged.limit),
        "years": years,
        "spread": round(judged.dispersion, 2),
        "alpha": ALPHA,
    }
    return Finding(Method.FARRINGTON, since, judged.observed, round(judged.expected, 2), judged.p, told)


def weekly_alarms(site: Site, finding: Finding) -> tuple[int, int]:
    """How often it would have raised in the year before, and over how many days."""
    sunday = finding.since.date() + timedelta(days=(SUNDAY - finding.since.date().weekday()) % 7)
    counts = weeks_until(site, sunday - A_WEEK)
    weeks = range(max(0, len(counts) - WEEKS_A_YEAR), len(counts))
    mondays = [(n, finding.since - (len(counts) - n) * A_WEEK) for n in weeks]
    raised = [monday for n, monday in mondays if _raised(counts, n, monday)]
    return len(episodes(raised, A_WEEK)), len(weeks) * 7
