"""Every file of a release, from one cube: the same bytes on every run (design §8)."""

from collections.abc import Callable, Iterator
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

RENDERED: dict[str, Callable[[Cube], bytes]] = {
    CSV_FR: csv.release_fr,
    CALENDAR: csv.calendar,
    JSON: json.release,
    PACKAGE: datapackage.release,
    FHIR: fhir.release,
    DHIS2: dhis2.values,
    DHIS2_METADATA: dhis2.metadata,
    XLSX: xlsx.release,
}


def render(cube: Cube) -> Iterator[tuple[str, bytes]]:
    """(file name, bytes), the manifest last. One at a time: a first release may hold years."""
    proofs = {}
    for name, body in _data(cube):
        proofs[name] = {"sha256": sha256(body), "bytes": len(body)}
        yield name, body
    yield MANIFEST, manifest(cube, proofs)


def _data(cube: Cube) -> Iterator[tuple[str, bytes]]:
    data = csv.release(cube)
    # Typst works beside the interpreter, on another core where there is one; the other files take as long.
    with ThreadPoolExecutor(max_workers=1) as beside:
        printed = beside.submit(pdf.release, cube, sha256(data))
        yield CSV, data
        for name, rendered in RENDERED.items():
            yield name, rendered(cube)
        yield PDF, printed.result()


def manifest(cube: Cube, proofs: dict[str, dict]) -> bytes:
    return json.whole(
        {
            "release_id": cube.release_id,
            "published_at": cube.published,
            "plan_versions": cube.plan_versions,
            "clock": CLOCK,
            "rows": len(cube.figures),
            "files": proofs,
            "planned_hours": CALENDAR,
            "definitions": list(cube.definitions.values()),
            "promise": PROMISE,
            "method": METHOD,
            "register": REGISTER | {"gate": cube.gate},
        }
    )
