"""The files of one release, as bytes: the same on every run (design §8)."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from sites.indicators.registry import REGISTRY
from sites.places.models import Site
from sites.places.queries import local, opening_calendar
from sites.releases.cube import COLUMNS, Total, published
from sites.releases.ledger import Key, Ledger, is_late, name_of, release_key
from sites.releases.terms import BY_CODE, CLOCK, LATE
from sites.releases.words import METHOD, PROMISE, REGISTER

BOM = "\ufeff"
CSV, CSV_FR, MANIFEST, CALENDAR = "release.csv", "release-fr.csv", "manifest.json", "calendar.csv"
FILES = (CSV, CSV_FR, CALENDAR, MANIFEST)
CALENDAR_COLUMNS = ("site", "region", "service_day", "opens", "closes", "planned_hours")


def build(ledger: Ledger, release: Key, held: list[Total]) -> tuple[datetime, dict[str, bytes]]:
    """(published_at, name → bytes) of one release."""
    published_at = published(held, release)
    rows = [total.row(name_of(release), published_at) for total in held]
    files = {
        CSV: table(COLUMNS, rows).encode(),
        CSV_FR: (BOM + table(COLUMNS, rows, delimiter=";")).encode(),
        CALENDAR: table(CALENDAR_COLUMNS, calendar_rows(ledger, release)).encode(),
    }
    files[MANIFEST] = manifest(release, published_at, held, files)
    return published_at, files


def table(columns: Iterable[str], rows: Iterable[dict], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def calendar_rows(ledger: Ledger, release: Key) -> Iterator[dict[str, str]]:
    """Planned openings of each site on the days of its cells, from the posted calendar, never from facts."""
    spans: dict[int, list[tuple[date, date]]] = {}
    for (site, indicator), cells in ledger.cells.items():
        if not is_late(indicator):
            new = [(c.period_start, c.period_end) for c in cells.values() if release_key(c) == release]
            spans.setdefault(site, []).extend(new)
    for site in sorted((ledger.sites[pk] for pk, its in spans.items() if its), key=lambda site: site.code):
        its = spans[site.pk]
        first, last = min(first for first, _ in its), max(last for _, last in its)
        for day, openings in opening_calendar(site, first, last).items():
            yield from _opening_rows(site, day, openings)


def _opening_rows(site: Site, day: date, openings: list) -> Iterator[dict[str, str]]:
    place = {"site": site.code, "region": site.region.code, "service_day": day.isoformat()}
    for opens, closes in openings or [(None, None)]:
        hours = (closes - opens).total_seconds() / 3600 if openings else 0
        yield place | {
            "opens": f"{local(site, opens):%Y-%m-%dT%H:%M%z}" if openings else "",
            "closes": f"{local(site, closes):%Y-%m-%dT%H:%M%z}" if openings else "",
            "planned_hours": f"{hours:.2f}",
        }


def manifest(release: Key, published_at: datetime, held: list[Total], files: dict[str, bytes]) -> bytes:
    told = {
        "release_id": name_of(release),
        "published_at": f"{published_at:%Y-%m-%dT%H:%M:%SZ}",
        "plan_versions": sorted({cell.plan_version for total in held for cell in total.parts}),
        "clock": CLOCK,
        "rows": len(held),
        "files": {name: {"sha256": sha256(body), "bytes": len(body)} for name, body in files.items()},
        "planned_hours": CALENDAR,
        "definitions": definitions(sorted({total.indicator for total in held})),
        "promise": PROMISE,
        "method": METHOD,
        "register": REGISTER,
    }
    return (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def definitions(indicators: Iterable[str]) -> list[dict]:
    return [_definition(code) for code in indicators]


def _definition(code: str) -> dict:
    """What an indicator means; of a `_late` part, those saved after their period was sealed."""
    released = BY_CODE[code.removesuffix(LATE)]
    counted = REGISTRY[released.series]
    told = {"code": code, "version": counted.version, "base": released.base, "cap_per_event": released.cap}
    told |= {"label_fr": counted.label_fr, "label_en": counted.label_en}
    told |= {"definition_fr": counted.definition_fr, "definition_en": counted.definition_en}
    if is_late(code):
        told["label_fr"] += " (saisies tardives, une fois par année)"
        told["label_en"] += " (late records, once a year)"
    return told


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
