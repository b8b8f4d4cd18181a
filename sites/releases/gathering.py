"""One release as plain values: its totals, and the calendar, names and definitions beside them.

Planned hours come from the posted calendar, never from facts.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import accumulate

from sites.indicators.periods import Period
from sites.places.models import Site
from sites.places.queries import local, opening_calendars
from sites.releases.cube import Total
from sites.releases.files import definitions
from sites.releases.formats.figures import Cube, Figure, Names, Opening
from sites.releases.ledger import Key, Ledger, gate_found, is_late, name_of, release_key
from sites.releases.released import PLAN_ORDER

Openings = list[tuple[datetime, datetime]]
# Site → periods of the cells that a release brings.
Brought = dict[int, list[Period]]


def gather(
    ledger: Ledger, release: Key, held: list[Total], published_at: datetime, earlier: Iterable[Figure] = ()
) -> Cube:
    """Of `held`, which may be fewer than all totals of the release, even none."""
    brought = _new_periods(ledger, release)
    calendars = _calendars(ledger, brought, held)
    minutes = _planned(calendars)
    figures = [
        total.figure(sum(minutes(site, total.period) for site in total.scope.members)) for total in held
    ]
    shown = [*figures, *earlier]
    told = definitions(sorted({figure.indicator for figure in shown}, key=PLAN_ORDER.__getitem__))
    places = [ledger.sites[site] for site in ledger.plan]
    return Cube(
        release_id=name_of(release),
        published_at=published_at,
        figures=figures,
        openings=list(_new_openings(ledger, brought, calendars)),
        definitions={definition["code"]: definition for definition in told},
        sites={site.code: _names(site) for site in places},
        regions={site.region.code: _names(site.region) for site in places},
        gate=gate_found(release),
        earlier=shown[len(figures) :],
    )


def _names(place) -> Names:
    return Names(place.name_fr, place.name_en or place.name_fr)


def _calendars(ledger: Ledger, brought: Brought, held: list[Total]) -> dict[int, dict[date, Openings]]:
    """Site → day → planned openings, of every day that the release speaks of."""
    periods = [total.period for total in held]
    periods += [period for its in brought.values() for period in its]
    if not periods:
        return {}
    first, last = min(first for first, _ in periods), max(last for _, last in periods)
    members = {site for total in held for site in total.scope.members} | set(brought)
    return opening_calendars([ledger.sites[site] for site in sorted(members)], first, last)


def _planned(calendars: dict[int, dict[date, Openings]]):
    """(site, period) → planned minutes: sums up to each day, because many totals share their days."""
    sums = {
        site: dict(zip(days, accumulate(map(_minutes, days.values())), strict=True))
        for site, days in calendars.items()
    }

    def minutes(site: int, period: Period) -> int:
        before = period[0] - timedelta(days=1)
        return sums[site][period[1]] - sums[site].get(before, 0)

    return minutes


def _minutes(openings: Openings) -> int:
    return sum(round((closes - opens).total_seconds() / 60) for opens, closes in openings)


def _new_openings(ledger: Ledger, brought: Brought, calendars) -> Iterator[Opening]:
    """Of each site, on the days of the cells that this release brings."""
    for site, periods in sorted(brought.items(), key=lambda item: ledger.sites[item[0]].code):
        first, last = min(first for first, _ in periods), max(last for _, last in periods)
        for day, openings in calendars[site].items():
            if first <= day <= last:
                yield from _of_day(ledger.sites[site], day, openings)


def _new_periods(ledger: Ledger, release: Key) -> Brought:
    found: Brought = {}
    for (site, indicator, _part), cells in ledger.cells.items():
        for cell in cells.values():
            if release_key(cell) == release and not is_late(indicator):
                found.setdefault(site, []).append((cell.period_start, cell.period_end))
    return found


def _of_day(site: Site, day: date, openings: Openings) -> Iterator[Opening]:
    for opens, closes in openings or [(None, None)]:
        yield Opening(
            site=site.code,
            region=site.region.code,
            day=day,
            opens=opens and local(site, opens),
            closes=closes and local(site, closes),
        )
