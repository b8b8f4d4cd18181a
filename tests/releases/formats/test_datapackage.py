import csv
import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
import time_machine

from sites.releases.formats import csv as rendered
from sites.releases.formats import datapackage
from sites.releases.words import METHOD, PROMISE
from tests.releases.formats.cubes import cube


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return unzipped(datapackage.release(cube()))


def unzipped(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_it_holds_the_same_bytes_as_the_files_beside_it(files):
    assert files["data/release.csv"] == rendered.release(cube())
    assert files["data/calendar.csv"] == rendered.calendar(cube())


def test_each_table_is_described_and_proved(files):
    told = json.loads(files["datapackage.json"])
    assert told["profile"] == "tabular-data-package"
    assert {f"data/{r['name']}.csv" for r in told["resources"]} == set(files) - {
        "datapackage.json",
        "README.md",
    }
    for resource in told["resources"]:
        body = files[resource["path"]]
        assert resource["hash"] == "sha256:" + hashlib.sha256(body).hexdigest()
        assert resource["bytes"] == len(body)
        head = next(csv.reader(io.StringIO(body.decode())))
        assert [field["name"] for field in resource["schema"]["fields"]] == head
        assert all(field["description"] and field["type"] for field in resource["schema"]["fields"])


def test_definitions_places_method_and_promise_travel_with_it(files):
    codes = [row["code"] for row in csv.DictReader(io.StringIO(files["data/definitions.csv"].decode()))]
    assert codes == list(cube().definitions)
    places = {row["code"] for row in csv.DictReader(io.StringIO(files["data/places.csv"].decode()))}
    assert places == {"S01", "S02", "S03", "R01", "R02"}
    told = json.loads(files["datapackage.json"])
    assert (told["method"], told["promise"]) == (METHOD, PROMISE)
    assert PROMISE["fr"] in files["README.md"].decode()
    assert METHOD["en"] in files["README.md"].decode()


def test_a_name_that_looks_like_a_formula_is_quoted(files):
    names = {row["name_fr"] for row in csv.DictReader(io.StringIO(files["data/places.csv"].decode()))}
    assert '\'=HYPERLINK("http://example.org";"+1")' in names


def test_written_again_on_another_day_it_is_the_same_bytes():
    first = datapackage.release(cube())
    with time_machine.travel(datetime(2031, 7, 4, 12, tzinfo=UTC)):
        assert datapackage.release(cube()) == first
