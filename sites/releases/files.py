"""The files of one release, as bytes: the same on every run (design §8)."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from sites.indicators.registry import REGISTRY
from sites.places.models import Site
from sites.places.queries import local, opening_calendars
from sites.releases.cube import COLUMNS, Total, published
from sites.releases.ledger import Key, Ledger, is_late, name_of, release_key
from sites.releases.periods import Period
from sites.releases.terms import BY_CODE, CLOCK, LATE
from sites.releases.words import METHOD, PROMISE, REGISTER

BOM = "\ufeff"
CSV, CSV_FR, JSON = "release.csv", "release-fr.csv", "release.json"
CALENDAR, MANIFEST = "calendar.csv", "manifest.json"
# What a recipient asks for → the file, and how it is sent.
FORMATS = {
    "csv": (CSV, "text/csv; charset=utf-8"),
    "csv-fr": (CSV_FR, "text/csv; charset=utf-8"),
    "json": (JSON, "application/json"),
    "calendar": (CALENDAR, "text/csv; charset=utf-8"),
    "manifest": (MANIFEST, "application/json"),
}
CALENDAR_COLUMNS = ("site", "region", "service_day", "opens", "closes", "planned_hours")


def build(ledger: Ledger, release: Key, held: list[Total]) -> tuple[datetime, dict[str, bytes]]:
    """(published_at, name → bytes) of one release."""
    published_at = published(held, release)
    rows = [total.row(name_of(release), published_at) for total in held]
    files = {
        CSV: table(COLUMNS, rows).encode(),
        CSV_FR: (BOM + table(COLUMNS, rows, delimiter=";")).encode(),
        JSON: as_json(rows),
        CALENDAR: table(CALENDAR_COLUMNS, calendar_rows(ledger, release)).encode(),
    }
    files[MANIFEST] = manifest(release, published_at, held, files)
    return published_at, files


def table(columns: Sequence[str], rows: Iterable[dict], delimiter: str = ",") -> str:
    text = io.StringIO()
    writer: csv.DictWriter = csv.DictWriter(text, columns, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def calendar_rows(ledger: Ledger, release: Key) -> Iterator[dict[str, str]]:
    """Planned openings of each site on the days of its cells, from the posted calendar, never from facts."""
    spans = {
        ledger.sites[site]: (min(first for first, _ in its), max(last for _, last in its))
        for site, its in _new_periods(ledger, release).items()
    }
    if not spans:
        return
    first, last = min(first for first, _ in spans.values()), max(last for _, last in spans.values())
    calendars = opening_calendars(list(spans), first, last)
    for place in sorted(spans, key=lambda place: place.code):
        for day, openings in calendars[place.pk].items():
            if spans[place][0] <= day <= spans[place][1]:
                yield from _opening_rows(place, day, openings)


def _new_periods(ledger: Ledger, release: Key) -> dict[int, list[Period]]:
    found: dict[int, list[Period]] = {}
    for (site, indicator), cells in ledger.cells.items():
        for cell in cells.values():
            if release_key(cell) == release and not is_late(indicator):
                found.setdefault(site, []).append((cell.period_start, cell.period_end))
    return found


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
    return as_json(told)


def as_json(told) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def definitions(indicators: Iterable[str]) -> list[dict]:
    return [_definition(code) for code in indicators]


def _definition(code: str) -> dict:
    """What an indicator means; of a `_late` part, those saved after their period was sealed."""
    released = BY_CODE[code.removesuffix(LATE)]
    counted = REGISTRY[released.code]
    late, capped = is_late(code), released.cap > 1
    cap_fr = f" Un événement n’en compte jamais plus de {released.cap}." if capped else ""
    cap_en = f" One event never counts more than {released.cap}." if capped else ""
    return {
        "code": code,
        "version": counted.version,
        "base": released.base,
        "cap_per_event": released.cap,
        "label_fr": counted.label_fr + (" (saisies tardives, une fois par année)" if late else ""),
        "label_en": counted.label_en + (" (late records, once a year)" if late else ""),
        "definition_fr": counted.definition_fr + cap_fr,
        "definition_en": counted.definition_en + cap_en,
    }


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
