"""JSON for programs: every figure with its unit, definition version and planned hours, and what they mean.

One figure a line. docs/formats/release.schema.json is its schema.
"""

import json

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
    lists = {
        "calendar": [_opening(opening) for opening in cube.openings],
        "rows": [_row(cube, figure) for figure in cube.figures],
    }
    parts = [f"{json.dumps(name)}: {dumped(value)}" for name, value in told.items()]
    parts += [f"{json.dumps(name)}: {_lines(items)}" for name, items in lists.items()]
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def dumped(value, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def whole(value) -> bytes:
    """A document for people to read as well, with its names in order."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _lines(items: list[dict]) -> str:
    return "[" + ",".join(f"\n{dumped(item)}" for item in items) + "\n]"


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
