"""What people use opens what we write: LibreOffice, frictionless, fhir.resources, Poppler. Full only.

Each runs as a program of its own, because the plain tests are collected without them.
"""

import csv
import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from harmreduction.engines.libreoffice import MISSING, executable
from sites.releases.formats import csv as rendered
from sites.releases.formats import datapackage, fhir, xlsx
from sites.releases.formats.report import pdf
from tests.releases.formats.cubes import QUARTER, cube, of_places

pytestmark = pytest.mark.full
PARTS = of_places("visits_by_substance", "quarter", *QUARTER, 500, category="other")
WHOLE = cube([*cube().figures, *PARTS])
EMPTY = cube([], openings=[], earlier=[])
# Comma, quotes, UTF-8; values, not how they look; every sheet in a file of its own.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false,false,false,-1"
HEADS = {
    "Chiffres": {"value": "Chiffre", "lower": "Vrai compte : de", "upper": "Vrai compte : à", "site": "Site",
                 "region": "Région", "period_start": "Du", "period_end": "Au (inclus)", "indicator": "Code",
                 "base": "Arrondi à", "release_id": "Publication", "plan_version": "Plan"},
    "Figures": {"value": "Figure", "lower": "True count: from", "upper": "True count: to", "site": "Site",
                "region": "Region", "period_start": "From", "period_end": "To (included)",
                "indicator": "Code", "base": "Rounded to", "release_id": "Release", "plan_version": "Plan"},
}  # fmt: skip
VALIDATE_BUNDLE = """
import sys
from fhir.resources.R4B.bundle import Bundle
bundle = Bundle.model_validate_json(sys.stdin.buffer.read())
print(sorted({entry.resource.get_resource_type() for entry in bundle.entry}))
"""


def run(*command, **options) -> subprocess.CompletedProcess:
    return subprocess.run(command, capture_output=True, timeout=300, **options)


# --- LibreOffice --------------------------------------------------------------------------
@pytest.fixture(scope="module")
def sheets(tmp_path_factory) -> dict[str, list[dict]]:
    """Sheet → rows, as LibreOffice reads the workbook."""
    program = executable()
    assert program, MISSING
    folder = tmp_path_factory.mktemp("office")
    workbook = folder / "release.xlsx"
    workbook.write_bytes(xlsx.release(WHOLE))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run(program, profile, "--headless", "--convert-to", AS_CSV, "--outdir", folder, workbook, check=True)
    found = {path.stem.partition("-")[2]: path.read_text("utf-8-sig") for path in folder.glob("*.csv")}
    return {name: list(csv.DictReader(io.StringIO(text))) for name, text in found.items()}


@pytest.mark.parametrize("sheet", HEADS)
def test_libreoffice_reads_the_figures_of_release_csv(sheets, sheet):
    told = list(csv.DictReader(io.StringIO(rendered.release(WHOLE).decode())))
    assert [{name: row[head] for name, head in HEADS[sheet].items()} for row in sheets[sheet]] == [
        {name: row[name] for name in HEADS[sheet]} for row in told
    ]


def test_libreoffice_reads_hours_and_calculates_nothing(sheets):
    assert {row["Heures prévues"] for row in sheets["Chiffres"] if row["Période"] == "jour"} == {
        "12.08", "24.17", "36.25",
    }  # fmt: skip
    assert {name.fr for name in WHOLE.sites.values()} <= {row["Nom du site"] for row in sheets["Chiffres"]}


# --- Frictionless -------------------------------------------------------------------------
def frictionless(path: Path) -> dict:
    return json.loads(run(sys.executable, "-m", "frictionless", "validate", path, "--json").stdout)


@pytest.mark.parametrize("its", [WHOLE, EMPTY], ids=["whole", "empty"])
def test_frictionless_finds_the_data_package_valid(tmp_path, its):
    (tmp_path / "release.zip").write_bytes(datapackage.release(its))
    report = frictionless(tmp_path / "release.zip")
    assert report["valid"], report
    assert report["stats"] == {"tasks": 4, "errors": 0, "warnings": 0} | {
        "seconds": report["stats"]["seconds"]
    }


def test_frictionless_finds_one_changed_number(tmp_path):
    with zipfile.ZipFile(io.BytesIO(datapackage.release(WHOLE))) as package:
        package.extractall(tmp_path)
    table = tmp_path / "data" / "release.csv"
    table.write_text(table.read_text().replace(",105,", ",110,", 1))
    report = frictionless(tmp_path / "datapackage.json")
    assert not report["valid"]
    assert "hash-count" in json.dumps(report)


# --- FHIR ---------------------------------------------------------------------------------
@pytest.mark.parametrize("its", [WHOLE, EMPTY], ids=["whole", "empty"])
def test_fhir_resources_finds_the_bundle_valid(its):
    done = run(sys.executable, "-c", VALIDATE_BUNDLE, input=fhir.release(its))
    assert done.returncode == 0, done.stderr.decode()
    assert b"MeasureReport" in done.stdout or not its.figures


def test_fhir_resources_refuses_a_count_that_is_a_word():
    wrong = fhir.release(WHOLE).replace(b'"count":105', b'"count":"many"', 1)
    assert run(sys.executable, "-c", VALIDATE_BUNDLE, input=wrong).returncode == 1


# --- A PDF reader -------------------------------------------------------------------------
def test_poppler_draws_every_page(tmp_path):
    program = shutil.which("pdftoppm")
    assert program, "No Poppler to draw our PDF: install poppler-utils."
    (tmp_path / "release.pdf").write_bytes(pdf.release(WHOLE, "0" * 64))
    done = run(program, "-r", "40", "-png", tmp_path / "release.pdf", tmp_path / "page", check=True)
    assert done.stderr == b""
    pages = sorted(tmp_path.glob("page-*.png"))
    assert len(pages) >= 4
    assert all(page.stat().st_size > 4000 for page in pages)
