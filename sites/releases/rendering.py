"""Every file of a release, from one cube: the same bytes on every run (design §8)."""

from concurrent.futures import ThreadPoolExecutor

from sites.releases.files import (
    CALENDAR,
    CSV,
    CSV_FR,
    DHIS2,
    DHIS2_METADATA,
    FHIR,
    JSON,
    MANIFEST,
    PACKAGE,
    PDF,
    XLSX,
    sha256,
)
from sites.releases.formats import csv, datapackage, dhis2, fhir, json, xlsx
from sites.releases.formats.figures import Cube
from sites.releases.formats.report import pdf
from sites.releases.terms import CLOCK
from sites.releases.words import METHOD, PROMISE, REGISTER


def render(cube: Cube) -> dict[str, bytes]:
    """File name → bytes."""
    data = csv.release(cube)
    # Typst works beside the interpreter, on another core where there is one.
    with ThreadPoolExecutor(max_workers=1) as beside:
        printed = beside.submit(pdf.release, cube, sha256(data))
        files = {
            CSV: data,
            CSV_FR: csv.release_fr(cube),
            CALENDAR: csv.calendar(cube),
            XLSX: xlsx.release(cube),
            JSON: json.release(cube),
            PACKAGE: datapackage.release(cube),
            FHIR: fhir.release(cube),
            DHIS2: dhis2.values(cube),
            DHIS2_METADATA: dhis2.metadata(cube),
            PDF: printed.result(),
        }
    return files | {MANIFEST: manifest(cube, files)}


def manifest(cube: Cube, files: dict[str, bytes]) -> bytes:
    return json.whole(
        {
            "release_id": cube.release_id,
            "published_at": cube.published,
            "plan_versions": cube.plan_versions,
            "clock": CLOCK,
            "rows": len(cube.figures),
            "files": {name: {"sha256": sha256(body), "bytes": len(body)} for name, body in files.items()},
            "planned_hours": CALENDAR,
            "definitions": list(cube.definitions.values()),
            "promise": PROMISE,
            "method": METHOD,
            "register": REGISTER | {"gate": cube.gate},
        }
    )
