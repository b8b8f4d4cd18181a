"""The files of a release: what each is called, how it is sent, and what its indicators mean."""

import hashlib
from collections.abc import Iterable

from sites.releases.ledger import is_late
from sites.releases.released import BY_CODE
from sites.releases.terms import ALL, LATE

CSV, CSV_FR, XLSX, JSON = "release.csv", "release-fr.csv", "release.xlsx", "release.json"
PDF, CALENDAR, MANIFEST = "release.pdf", "calendar.csv", "manifest.json"
PACKAGE, FHIR = "datapackage.zip", "fhir.json"
DHIS2, DHIS2_METADATA = "dhis2.json", "dhis2-metadata.json"
# What a recipient asks for → the file, and how it is sent.
FORMATS = {
    "csv": (CSV, "text/csv; charset=utf-8"),
    "csv-fr": (CSV_FR, "text/csv; charset=utf-8"),
    "xlsx": (XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (JSON, "application/json"),
    "pdf": (PDF, "application/pdf"),
    "datapackage": (PACKAGE, "application/zip"),
    "fhir": (FHIR, "application/fhir+json"),
    "dhis2": (DHIS2, "application/json"),
    "dhis2-metadata": (DHIS2_METADATA, "application/json"),
    "calendar": (CALENDAR, "text/csv; charset=utf-8"),
    "manifest": (MANIFEST, "application/json"),
}


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def definitions(indicators: Iterable[str]) -> list[dict]:
    return [_definition(code) for code in indicators]


def _definition(code: str) -> dict:
    """What an indicator means; of a `_late` part, those saved after their period was sealed."""
    released = BY_CODE[code.removesuffix(LATE)]
    counted = released.told
    late, capped = is_late(code), released.cap > 1
    parts = {part.code: part for cut in released.cuts for part in cut if part.code != ALL}
    cap_fr = f" Un événement n’en compte jamais plus de {released.cap}." if capped else ""
    cap_en = f" One event never counts more than {released.cap}." if capped else ""
    return {
        "code": code,
        "version": counted.version,
        "unit": counted.unit,
        "base": released.base,
        "cap_per_event": released.cap,
        "adds_up": released.adds_up,
        "label_fr": counted.label_fr + (" (saisies tardives, une fois par année)" if late else ""),
        "label_en": counted.label_en + (" (late records, once a year)" if late else ""),
        "definition_fr": counted.definition_fr + cap_fr,
        "definition_en": counted.definition_en + cap_en,
        "categories": {part: {"fr": its.label_fr, "en": its.label_en} for part, its in parts.items()},
    }
