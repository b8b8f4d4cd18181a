"""What releases told, read back from their stored files, which never change."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from sys import intern

from django.db.models import Q

from sites.releases.files import JSON, MANIFEST
from sites.releases.formats.figures import Cube, Figure, Names, Opening
from sites.releases.ledger import Key, name_of
from sites.releases.models import ReleaseFile
from sites.releases.terms import Grain

# A year and what its last month or quarter takes to be sealed; of days, those that a chart can show.
REACH = timedelta(days=400)
DAYS_REACH = timedelta(days=60)
CODES = ("site", "region", "indicator", "category", "grain", "status", "plan_version")


def told_before(release: Key) -> Iterator[Figure]:
    """What the releases of the last 400 days before this one told, the oldest first; days, of the last 60."""
    day, part = release
    older = ReleaseFile.objects.filter(
        Q(release_date__lt=day) | Q(release_date=day, part__lt=part),
        name=JSON,
        release_date__gte=day - REACH,
    )
    for pk, digest in older.order_by("release_date", "part").values_list("pk", "sha256"):
        for figure in _figures(pk, digest):
            if figure.grain != Grain.DAY or figure.period_end >= day - DAYS_REACH:
                yield figure


@lru_cache(maxsize=500)
def _figures(pk: int, digest: str) -> tuple[Figure, ...]:
    """Kept by digest: what is stored under it is always the same."""
    body = ReleaseFile.objects.values_list("body", flat=True).get(pk=pk, sha256=digest)
    told = json.loads(bytes(body))
    # Before format 1 a file held its rows alone.
    rows = told["rows"] if isinstance(told, dict) else told
    return tuple(map(_figure, rows))


def _figure(row: dict) -> Figure:
    hours = row.get("planned_hours")
    return Figure(
        **{
            name: intern(row[name]) for name in ("site", "region", "indicator", "category", "grain", "status")
        },
        **{name: row[name] for name in ("value", "lower", "upper", "base")},
        plan_version=intern(row["plan_version"]),
        period_start=date.fromisoformat(row["period_start"]),
        period_end=date.fromisoformat(row["period_end"]),
        planned_minutes=None if hours is None else round(hours * 60),
    )


def cube_told(release: Key) -> Cube:
    """A built release as plain values again, whatever the code or the plan has become since."""
    day, part = release
    stored = ReleaseFile.objects.filter(release_date=day, part=part, name__in=[JSON, MANIFEST])
    published_at = {file.name: file.published_at for file in stored}[JSON]
    bodies = {file.name: json.loads(bytes(file.body)) for file in stored}
    told = bodies[JSON]
    return Cube(
        release_id=name_of(release),
        published_at=published_at,
        figures=list(map(_figure, told["rows"])),
        openings=[_opening(row) for row in told["calendar"]],
        definitions={definition["code"]: definition for definition in told["definitions"]},
        sites={code: Names(**names) for code, names in told["sites"].items()},
        regions={code: Names(**names) for code, names in told["regions"].items()},
        gate=bodies[MANIFEST]["register"]["gate"],
        earlier=list(told_before(release)),
    )


def _opening(row: dict) -> Opening:
    return Opening(
        site=row["site"],
        region=row["region"],
        day=date.fromisoformat(row["service_day"]),
        opens=row["opens"] and datetime.fromisoformat(row["opens"]),
        closes=row["closes"] and datetime.fromisoformat(row["closes"]),
    )
