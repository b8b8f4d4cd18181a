"""What the methods say of one site at one moment. No database here: a replay asks the same.

Kept from the web, which shows what was found: the methods bring numpy and scipy.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sites.signals.history import QUIET, Day, History
from sites.signals.methods import ears, ewma, gaps, rolling, severity
from sites.signals.methods.ears import Tail
from sites.signals.methods.tails import poisson_tail, spread_of
from sites.signals.terms import Method

# Chance of raising by accident: a month for what is asked at each event, a test for what is asked daily.
# A count in 24 hours: events a month that pass it, and one clump has several.
A_MONTH = {
    Method.ROLLING_24H: 3.0,
    Method.CLUSTER_2H: 0.4,
    Method.GAPS_2X: 0.4,
    Method.GAPS_3X: 0.6,
}
A_TEST = {"ears": 0.0005, "ewma": 0.002, "severity": 0.001}
TIMES = {Method.GAPS_2X: 2.0, Method.GAPS_3X: 3.0}
MONTH_DAYS = 30.4
FEWEST_DAYS = 28
LEAST_RATE = 0.05
RECENT_DAYS = 45
GAPS_SINCE = timedelta(days=28)
STILL = timedelta(hours=24)  # what events say is news for a day
EARS = {"C1": Method.EARS_C1, "C2": Method.EARS_C2, "C3": Method.EARS_C3}
RATES = {"C1": Method.RATE_C1, "C2": Method.RATE_C2, "C3": Method.RATE_C3}


@dataclass(frozen=True)
class Finding:
    """One method that finds something unusual, with all that is needed to say and check it."""

    method: Method
    since: datetime
    observed: float
    expected: float
    p: float | None
    parameters: dict


@dataclass(frozen=True)
class Usual:
    """What is usual before a day: events an open day, and in 2 hours; what a count must pass, or reach."""

    days: list[Day]
    rate: float
    in_two_hours: float
    threshold: int
    cluster: int
    chosen: bool


def usual_of(history: History, n: int) -> Usual | None:
    """Before day n; None when the site is too new."""
    days = history.baseline(n)
    if len(days) < FEWEST_DAYS:
        return None
    rate = max(LEAST_RATE, sum(day.events for day in days) / len(days))
    open_s = sum((day.opening[1] - day.opening[0]).total_seconds() for day in days if day.opening)
    mean = rate * 2 / max(open_s / 3600 / len(days), 2.0)
    return Usual(
        days=days,
        rate=rate,
        in_two_hours=mean,
        threshold=threshold_of(history, days, rate),
        cluster=max(rolling.CLUSTER, _by_chance(rate, mean, Method.CLUSTER_2H)),
        chosen=history.threshold is not None,
    )


def threshold_of(history: History, usual: Sequence[Day], rate: float) -> int:
    """What a count in 24 hours must pass: the site's own choice, else max(4, 95th percentile of 90 days),
    or more where chance alone passes that too often.
    """
    if history.threshold is not None:
        return history.threshold
    days = [(day.day, day.starts, day.ends) for day in usual]
    low = bisect_left(history.times, usual[0].starts - rolling.DAY)
    high = bisect_left(history.times, usual[-1].ends)
    highest = rolling.daily_highest(history.times[low:high], days, rolling.DAY)
    return max(rolling.usual_most(highest, rolling.FLOOR), _by_chance(rate, rate, Method.ROLLING_24H) - 1)


def _by_chance(rate: float, mean: float, method: Method) -> int:
    """The fewest events in a span (`mean` is usual) that come by chance less often than allowed a month."""
    limit = 1
    while MONTH_DAYS * rate * poisson_tail(limit - 1, mean) > A_MONTH[method]:
        limit += 1
    return limit


def findings_at(history: History, at: datetime, usual: Usual) -> list[Finding]:
    """What the events until now say: 24 hours, 2 hours, time between events."""
    until = bisect_right(history.times, at)
    if not until or at - history.times[until - 1] > STILL:
        return []
    since = bisect_left(history.times, history.times[until - 1] - GAPS_SINCE)
    times, positions = history.times[since:until], history.positions[since:until]
    return [*_rolling(times, usual), *_cluster(times, usual), *_gaps(times, positions, usual.rate)]


def _rolling(times: Sequence[datetime], usual: Usual) -> Iterator[Finding]:
    count = len(times) - bisect_right(times, times[-1] - rolling.DAY)
    if count > usual.threshold:
        told = {"threshold": usual.threshold, "chosen": usual.chosen, "hours": 24}
        p = poisson_tail(count, usual.rate)
        yield Finding(Method.ROLLING_24H, times[-count], count, round(usual.rate, 2), p, told)


def _cluster(times: Sequence[datetime], usual: Usual) -> Iterator[Finding]:
    count = len(times) - bisect_right(times, times[-1] - rolling.SHORT)
    if count >= usual.cluster:
        told = {"limit": usual.cluster, "hours": 2}
        p = poisson_tail(count, usual.in_two_hours)
        yield Finding(Method.CLUSTER_2H, times[-count], count, round(usual.in_two_hours, 2), p, told)


def _gaps(times: Sequence[datetime], places: Sequence[float], rate: float) -> Iterator[Finding]:
    between = [after - before for before, after in zip(places, places[1:], strict=False)]
    for method, factor in TIMES.items():
        limit = gaps.limit_for(gaps.rounded(MONTH_DAYS * rate / A_MONTH[method]), factor)
        reached = gaps.last_reached(between, rate, factor, limit)
        if reached is None or times[-1] - times[reached[1] + 1] > STILL:
            continue
        first, last = reached[0], reached[1] + 1
        expected = round(rate * (places[last] - places[first]), 2)
        told = {"limit": limit, "factor": factor, "rate": round(rate, 3)}
        yield Finding(method, times[first], last - first + 1, expected, None, told)


def findings_of_day(history: History, n: int, usual: Usual) -> list[Finding]:
    """What day n says, once it is over: nothing when it was closed."""
    if history.days[n].opening is None:
        return []
    spread = spread_of([one.events for one in usual.days])
    days = [one for one in history.days[max(0, n - RECENT_DAYS) : n] if one.opening]
    days.append(history.days[n])
    counts = [float(one.events) for one in days]
    exposures = [float(one.consumptions) for one in days]
    return [
        *_daily(days, counts, [1.0] * len(days), EARS, Method.EWMA, spread),
        *_daily(days, counts, exposures, RATES, Method.RATE_EWMA, spread),
        *_harder(history, n, usual.days),
    ]


def _daily(days, counts, exposures, names: dict[str, Method], smooth: Method, spread) -> Iterator[Finding]:
    if not counts[-1]:
        return
    told = {"spread": round(spread, 2), "baseline_days": ears.BASELINE}
    for name, method in names.items():
        seen = ears.tail(counts, exposures, name, spread)
        first = days[-3] if name == "C3" and len(days) > 2 else days[-1]
        yield from _passing(method, seen, first, A_TEST["ears"], told)
    told = {"spread": round(spread, 2), "baseline_days": ewma.BASELINE, "guard_days": ewma.GUARD}
    seen = ewma.tail(counts, exposures, spread)
    yield from _passing(smooth, seen, days[-1], A_TEST["ewma"], told | {"weight": ewma.WEIGHT})


def _passing(method: Method, seen: Tail | None, day: Day, alpha: float, told: dict) -> Iterator[Finding]:
    if seen and seen.p < alpha:
        told = told | {"alpha": alpha}
        yield Finding(method, day.starts, seen.observed, round(seen.expected, 2), seen.p, told)


def _harder(history: History, n: int, usual: Sequence[Day]) -> Iterator[Finding]:
    recent = history.days[max(0, n - severity.RECENT_DAYS + 1) : n + 1]
    first = recent[0].day
    days = [day for day in usual if day.day < first] + recent
    events = [day.events for day in days]
    if not recent[-1].events:
        return
    doses = severity.doses_per_event(
        events, [d.doses for d in days], len(recent), spread_of([d.doses for d in days])
    )
    share = severity.prolonged_share(events, [d.prolonged for d in days], len(recent))
    told = {"days": len(recent)}
    yield from _passing(Method.DOSES, doses, recent[0], A_TEST["severity"], told)
    yield from _passing(Method.SEDATION, share, recent[0], A_TEST["severity"], told)


Alarm = tuple[datetime, Finding]


def alarms(history: History, first: int, last: int) -> Iterator[Alarm]:
    """Everything that would have been found from day `first` to `last`, as it would have come."""
    for n in range(first, last + 1):
        day, usual = history.days[n], usual_of(history, n)
        if usual is None:
            continue
        low, high = bisect_left(history.times, day.starts), bisect_left(history.times, day.ends)
        for at in history.times[low:high]:
            for found in findings_at(history, at, usual):
                yield at, found
        for found in findings_of_day(history, n, usual):
            yield day.ends, found


def episodes(times: Sequence[datetime], quiet: timedelta = QUIET) -> list[datetime]:
    """When something new began: after at least that long without."""
    began: list[datetime] = []
    last: datetime | None = None
    for at in sorted(times):
        if last is None or at - last > quiet:
            began.append(at)
        last = at
    return began
