"""JSON for programs: every figure with its unit, definition version and planned hours, and what they mean.

One figure a line. docs/formats/release.schema.json is its schema.
"""

import io
import json
from collections.abc import Iterable

from sites.releases.formats.csv import opening_row
from sites.releases.formats.figures import Cube, Figure, Opening, hours
from sites.releases.terms import CLOCK
from sites.releases.words import METHOD, PROMISE

FORMAT = "scs-release/1"


def release(cube: Cube) -> bytes:
    told = {
        "format": FORMAT,
        "release_id": cube.release_id,
        "published_at": cube.published,
        "plan_versions": cube.plan_versions,
        "clock": CLOCK,
        "promise": PROMISE,
        "method": METHOD,
        "definitions": list(cube.definitions.values()),
        "regions": {code: names.__dict__ for code, names in cube.regions.items()},
        "sites": {code: names.__dict__ for code, names in cube.sites.items()},
    }
    body = io.BytesIO()
    body.write(f"{dumped(told)[:-1]},\n".encode())
    _write(body, "calendar", map(_opening, cube.openings), ",\n")
    _write(body, "rows", (_row(cube, figure) for figure in cube.figures), "}\n")
    return body.getvalue()


def dumped(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def packed(value) -> str:
    """Without a space: for programs alone."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def whole(told: dict) -> bytes:
    """For people to read as well: names in order, one a line; of a list, one item a line."""
    lines = (f"{dumped(name)}: {_spread(its)}" for name, its in sorted(told.items()))
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _spread(value) -> str:
    """Python's own indentation takes ten times as long."""
    if not isinstance(value, list):
        return _in_order(value)
    return "[" + ",".join(f"\n {_in_order(item)}" for item in value) + "\n]"


def _in_order(value) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _write(body: io.BytesIO, name: str, items: Iterable[dict], end: str) -> None:
    """One item a line, each written before the next is made: a year has ten thousand."""
    body.write(f'"{name}": ['.encode())
    between = "\n"
    for item in items:
        body.write(f"{between}{dumped(item)}".encode())
        between = ",\n"
    body.write(f"\n]{end}".encode())


def _row(cube: Cube, figure: Figure) -> dict:
    definition = cube.definitions[figure.indicator]
    return cube.row(figure) | {
        "unit": definition["unit"],
        "definition_version": definition["version"],
        "planned_hours": figure.planned_hours,
    }


def _opening(opening: Opening) -> dict:
    return opening_row(opening) | {
        "opens": opening.opens and opening.opens.isoformat(),
        "closes": opening.closes and opening.closes.isoformat(),
        "planned_hours": hours(opening.minutes),
    }
