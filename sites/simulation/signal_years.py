"""Simulated years to see what the signals find, and how often they are wrong. Nothing is written.

Days, visits and suspected overdoses as the simulated history has them, without its bad supply: what is
planted here is all that there is to find. A shift changes how often, and nothing else about an event.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sites.signals.history import BASELINE_DAYS, Day, History
from sites.signals.methods.tails import poisson_tail
from sites.signals.terms import HARDER
from sites.signals.watching import alarms, episodes
from sites.simulation import figures
from sites.simulation.dice import Dice

FIRST = date(2024, 1, 1)
YEARS_DAYS = 730
OPENS, OPEN = timedelta(hours=8), timedelta(hours=12)  # after a service day begins
APART = 100  # days from one planted shift to the next
SHIFT_DAYS, WEEK_DAYS = figures.BAD_SUPPLY_DAYS, 7
OVERDOSES_PER_VISIT = 0.009
PROLONGED = 0.13  # of presentations, as in the simulated history
ONE_ALARM = timedelta(days=7)


@dataclass(frozen=True)
class Result:
    """Of sites with `rate` events a day: false alarms a month, shares found and median days to it.

    `best_24h`: what no test of a day's count can beat, were its one false alarm a month spent on that alone.
    """

    rate: float
    sites: int
    false_alarms: float
    tripled_24h: float
    best_24h: float
    tripled_48h: float
    tripled_found: float
    tripled_days: float
    doubled_weeks: float
    doubled_days: float


def replay(rates: Sequence[float], *, sites: int, seed: int) -> Iterator[Result]:
    for rate in rates:
        quiet = [_false_alarms(rate, Dice(f"{seed}|{rate}|{n}|quiet")) for n in range(sites)]
        tripled = [d for n in range(sites) for d in _delays(rate, 3.0, SHIFT_DAYS, seed, n)]
        doubled = [d for n in range(sites) for d in _delays(rate, 2.0, WEEK_DAYS, seed, n)]
        yield Result(
            rate=rate,
            sites=sites,
            false_alarms=sum(quiet) / sites / (YEARS_DAYS / 30.4),
            tripled_24h=_within(tripled, 1),
            best_24h=best(rate, 3.0),
            tripled_48h=_within(tripled, 2),
            tripled_found=_within(tripled, SHIFT_DAYS),
            tripled_days=_median(tripled),
            doubled_weeks=_within(doubled, WEEK_DAYS),
            doubled_days=_median(doubled),
        )


def best(rate: float, times: float) -> float:
    """The most powerful test that is wrong on one day of a month (Neyman and Pearson), at its edge by lot."""
    allowed, limit = 1 / 30.4, 0
    while poisson_tail(limit, rate) > allowed:
        limit += 1
    surely, once = poisson_tail(limit, rate), poisson_tail(limit - 1, rate)
    lot = (allowed - surely) / (once - surely)
    shifted = poisson_tail(limit, rate * times)
    return shifted + lot * (poisson_tail(limit - 1, rate * times) - shifted)


def _within(delays: Sequence[float], days: float) -> float:
    return sum(delay <= days for delay in delays) / len(delays)


def _median(delays: Sequence[float]) -> float:
    return sorted(delays)[len(delays) // 2]


def _false_alarms(rate: float, dice: Dice) -> int:
    """Alarms in two quiet years; what goes on without a week of silence is one."""
    history = made(rate, [1.0] * (BASELINE_DAYS + YEARS_DAYS), dice)
    return len(
        episodes([at for at, _found in alarms(history, BASELINE_DAYS, len(history.days) - 1)], ONE_ALARM)
    )


def _delays(rate: float, times: float, length: int, seed: int, n: int) -> list[float]:
    """Days from each planted shift to its first alarm; more than its length when none came."""
    dice = Dice(f"{seed}|{rate}|{n}|{times}")
    factors = [1.0] * (BASELINE_DAYS + YEARS_DAYS)
    starts = range(BASELINE_DAYS + 20, len(factors) - length, APART)
    for start in starts:
        factors[start : start + length] = [times] * length
    history, delays = made(rate, factors, dice), []
    for start in starts:
        began = history.days[start].starts
        found = alarms(history, start, start + length - 1)
        first = next((at for at, finding in found if finding.method not in HARDER), None)
        delays.append((first - began) / timedelta(days=1) if first else length + 1.0)
    return delays


def made(rate: float, factors: Sequence[float], dice: Dice) -> History:
    """A site with `rate` suspected overdoses a day, times the factor of each day."""
    days: list[Day] = []
    times: list[datetime] = []
    for n, factor in enumerate(factors):
        day = FIRST + timedelta(n)
        starts = datetime(day.year, day.month, day.day, 11, tzinfo=UTC)
        busy = figures.busyness(day)
        events = dice.poisson(rate * busy * factor)
        opening = (starts + OPENS, starts + OPENS + OPEN)
        times += sorted(opening[0] + OPEN * dice.random() for _event in range(events))
        dosed = sum(dice.chance(figures.NALOXONE) for _event in range(events))
        days.append(
            Day(
                day=day,
                starts=starts,
                ends=starts + timedelta(days=1),
                opening=opening,
                events=events,
                consumptions=dice.poisson(rate / OVERDOSES_PER_VISIT * busy),
                doses=dosed + sum(dice.chance(figures.SECOND_DOSE) for _event in range(dosed)),
                prolonged=sum(dice.chance(PROLONGED) for _event in range(events)),
            )
        )
    return History(days, times)
