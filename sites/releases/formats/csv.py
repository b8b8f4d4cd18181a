"""CSV, one row a figure or an opening: for software with commas, for fr-CA spreadsheets with semicolons."""

import csv
import io
from collections.abc import Iterable

from sites.paper.cells import harmless
from sites.releases.formats.figures import COLUMNS, Cube, Opening, hours

BOM = "\ufeff"
CALENDAR_COLUMNS = ("site", "region", "service_day", "opens", "closes", "planned_hours")


def release(cube: Cube) -> bytes:
    return table(COLUMNS, map(cube.values, cube.figures)).encode()


def release_fr(cube: Cube) -> bytes:
    return (BOM + table(COLUMNS, map(cube.values, cube.figures), delimiter=";")).encode()


def calendar(cube: Cube) -> bytes:
    return table(CALENDAR_COLUMNS, (opening_row(opening).values() for opening in cube.openings)).encode()


def opening_row(opening: Opening) -> dict[str, str]:
    return {
        "site": opening.site,
        "region": opening.region,
        "service_day": opening.day.isoformat(),
        "opens": f"{opening.opens:%Y-%m-%dT%H:%M%z}" if opening.opens else "",
        "closes": f"{opening.closes:%Y-%m-%dT%H:%M%z}" if opening.closes else "",
        "planned_hours": f"{hours(opening.minutes):.2f}",
    }


def table(columns: Iterable[str], rows: Iterable[Iterable], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(map(harmless, row) for row in rows)
    return text.getvalue()
