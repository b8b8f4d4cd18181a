"""A release made by hand: three sites in two regions, a day, a month and a late part, and hostile names."""

from datetime import UTC, date, datetime, timedelta

from sites.releases.files import definitions
from sites.releases.formats.figures import Cube, Figure, Names, Opening
from sites.releases.released import PLAN_ORDER

DAY = date(2026, 11, 20)
MONTH = (date(2026, 10, 1), date(2026, 10, 31))
QUARTER = (date(2026, 7, 1), date(2026, 9, 30))
YEAR = (date(2025, 1, 1), date(2025, 12, 31))
PLACES = {"S01": "R01", "S02": "R01", "S03": "R02"}
FORMULA = '=HYPERLINK("http://example.org";"+1")'
TYPST = '#read("/etc/passwd") $x$ *a* <b> ]#panic() \\u{7} "\' `raw`'
NUNAVIK = "ᓄᓇᕕᒃ"


def figure(site, region, indicator, grain, first, last, value, parts=1, **more) -> Figure:
    base = 10 if indicator.startswith("naloxone") else 5
    given = {
        "site": site, "region": region, "indicator": indicator, "category": "ALL", "grain": grain,
        "period_start": first, "period_end": last, "value": value,
        "lower": max(0, value - parts * (base - 1)), "upper": value + parts * (base - 1), "base": base,
        "status": "rounded" if site != "ALL" else "derived", "plan_version": "2026-1",
        "planned_minutes": 725 * ((last - first).days + 1) * parts,
    }  # fmt: skip
    return Figure(**(given | more))


def of_places(indicator, grain, first, last, value, **more) -> list[Figure]:
    """The figure of each site, region and of all together."""
    sites = [figure(s, r, indicator, grain, first, last, value, **more) for s, r in PLACES.items()]
    return [
        *sites,
        figure("ALL", "R01", indicator, grain, first, last, 2 * value, parts=2, **more),
        figure("ALL", "R02", indicator, grain, first, last, value, **more),
        figure("ALL", "ALL", indicator, grain, first, last, 3 * value, parts=3, **more),
    ]


def openings() -> list[Opening]:
    begins = datetime(2026, 11, 20, 14, tzinfo=UTC)
    open_day = [
        Opening(site, region, DAY, begins, begins + timedelta(minutes=725)) for site, region in PLACES.items()
    ]
    return [*open_day, Opening("S03", "R02", DAY + timedelta(days=1), None, None)]


def days_before(count=40) -> list[Figure]:
    return [
        found
        for n in range(count, 0, -1)
        for day in [DAY - timedelta(days=n)]
        for found in of_places("visits", "day", day, day, 90 + 5 * (n % 7))
    ]


def months_before(indicator, value, count=12) -> list[Figure]:
    found = []
    for n in range(count, 0, -1):
        month = 2026 * 12 + 9 - n
        first = date(month // 12, month % 12 + 1, 1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        found += of_places(indicator, "month", first, last, value + 10 * (n % 3))
    return found


def cube(figures=None, **more) -> Cube:
    if figures is None:
        figures = [
            *of_places("visits", "day", DAY, DAY, 105),
            *of_places("visits", "month", *MONTH, 3300),
            *of_places("reversals", "month", *MONTH, 20),
            *of_places("naloxone_doses_staff", "month", *MONTH, 40),
            figure("S01", "R01", "visits_late", "year", *YEAR, 0),
        ]
    past = [*days_before(), *months_before("reversals", 20), *months_before("naloxone_doses_staff", 40)]
    earlier = more.pop("earlier", past)
    codes = sorted({found.indicator for found in [*figures, *earlier]}, key=PLAN_ORDER.__getitem__)
    given = {
        "release_id": "2026-11-22",
        "published_at": datetime(2026, 11, 22, 11, 0, 5, tzinfo=UTC),
        "figures": figures,
        "openings": openings(),
        "definitions": {told["code"]: told for told in definitions(codes)},
        "sites": {
            "S01": Names("La Halte", "La Halte"),
            "S02": Names(FORMULA, "Passage & <Co>"),
            "S03": Names(TYPST, NUNAVIK),
        },
        "regions": {"R01": Names("Montréal", "Montreal"), "R02": Names("Estrie", "Townships")},
        "gate": {
            "result": "passed", "cells_judged": 16, "relations_binding": 0, "narrowest_width": 4,
            "stopped": [{"site": "S03", "indicator": "reversals", "plan_version": "2026-1"}],
        },
        "earlier": earlier,
    }  # fmt: skip
    return Cube(**(given | more))
