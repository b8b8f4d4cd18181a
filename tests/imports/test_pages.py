"""What a manager does with a file, page by page: columns, values, a dry run, the import, its undoing."""

import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from sites.imports.models import Import, ImportPiece, RememberedMapping
from sites.imports.running import forget_files
from sites.keyring.models import KeyCheck
from sites.people.models import Staff
from sites.records.models import Record
from sites.trail.models import TrailEntry
from sites.visits.models import Visit
from tests.factories import at, make_staff, sure
from tests.imports.bringing import VISITS, as_csv, run

ROWS = [
    ["01/03/2024 21:05", "22:10", "F", "34", "Fenta", "IV", "2"],
    ["02/03/2024 21:10", "22:00", "H", "", "purple", "fumée", ""],
    ["03/03/2024 25:10", "", "", "", "", "", ""],
]


@pytest.fixture(autouse=True)
def later():
    with time_machine.travel(at("2026-11-22 17:00"), tick=True):
        yield


@pytest.fixture
def manager(site, client):
    client.force_login(make_staff("s01-mgr", site, "manager"))
    return client


def upload(client, content, *, kind="visits", name="registre 2024.csv"):
    return client.post("/imports/new", {"kind": kind, "file": SimpleUploadedFile(name, content)})


def chosen(page: str) -> dict:
    """What the form of a page would send as it stands."""
    selects = re.findall(r'<select[^>]*name="([^"]+)".*?</select>', page, re.S)
    bodies = re.findall(r'<select[^>]*name="[^"]+"(.*?)</select>', page, re.S)
    return {
        n: (re.findall(r'value="([^"]*)" selected', b) or [""])[0]
        for n, b in zip(selects, bodies, strict=True)
    }


def test_a_file_from_its_columns_to_its_undoing(site, manager):
    assert "Rien n’a encore été importé" in manager.get("/imports/").content.decode()
    brought = upload(manager, as_csv(VISITS, ROWS))
    one = Import.objects.get()
    assert brought.url == f"/imports/{one.ref}/columns"
    page = manager.get(brought.url).content.decode()
    answers = chosen(page)
    assert list(answers.values()) == ["moment", "left", "gender", "age_band", "substances", "route", "booth"]
    twice = manager.post(brought.url, answers | {"column-1": "moment"})
    assert twice.status_code == 422
    assert chosen(twice.content.decode())["column-6"] == "booth"
    values = manager.post(brought.url, answers).url
    page = manager.get(values).content.decode()
    answers = chosen(page)
    assert answers["order"] == ""
    assert "Rien dans le fichier ne le dit" in page
    refused = manager.post(values, answers)
    assert refused.status_code == 422
    purple = re.search(r'name="(value-substances-\d)"[^>]*aria-invalid', refused.content.decode())[1]
    answers |= {"order": "dmy", purple: "unknown"}
    again = manager.post(values, answers | {"again": "1"}).content.decode()
    assert "2024-03-01 21:05" in again
    assert "Cette heure ne se lit pas" in again
    assert manager.post(values, answers).url == f"/imports/{one.ref}/"
    assert 'http-equiv="refresh"' in manager.get(f"/imports/{one.ref}/").content.decode()
    run(one)
    page = manager.get(f"/imports/{one.ref}/").content.decode()
    assert "2 lignes entreraient" in page
    assert "03/03/2024 25:10" in page
    assert not Record.objects.at(site).exists()
    download = b"".join(sure(manager).get(f"/imports/{one.ref}/problems.csv").streaming_content).decode()
    assert "4,Arrivée,03/03/2024 25:10,Cette heure ne se lit pas" in download
    for _twice in range(2):
        assert manager.post(f"/imports/{one.ref}/start").status_code == 302
    run(one)
    assert Visit.objects.at(site).count() == 2
    visit = Visit.objects.at(site).first()
    assert "d’un registre importé" in manager.get(f"/visits/{visit.ref}/").content.decode()
    assert manager.post(f"/imports/{one.ref}/undo", {"reason": ""}).status_code == 422
    assert manager.post(f"/imports/{one.ref}/undo", {"reason": "mauvais fichier"}).status_code == 302
    run(one)
    assert not Visit.objects.at(site).exists()
    assert "Annulé en entier" in manager.get(f"/imports/{one.ref}/").content.decode()


def test_the_next_file_with_these_headings_is_read_the_same_way(site, manager):
    upload(manager, as_csv(VISITS, ROWS))
    first = Import.objects.get()
    values = f"/imports/{first.ref}/values"
    answers = chosen(manager.get(values).content.decode()) | {"order": "dmy"}
    answers |= {name: "crack" for name, code in answers.items() if name.startswith("value-sub") and not code}
    manager.post(values, answers)
    assert "purple" not in str(RememberedMapping.objects.get().mapping)
    upload(manager, as_csv(VISITS, ROWS[:2]), name="avril.csv")
    second = Import.objects.order_by("-pk").first()
    page = manager.get(f"/imports/{second.ref}/values").content.decode()
    assert chosen(page)["order"] == "dmy"
    assert sorted(v for n, v in chosen(page).items() if n.startswith("value-sub")) == ["crack", "fentanyl"]


def test_the_file_does_not_outlive_its_time(site, manager):
    upload(manager, as_csv(VISITS, ROWS))
    one = Import.objects.get()
    with time_machine.travel(at("2026-11-25 18:00")):
        forget_files()
    one.refresh_from_db()
    assert (one.state, one.purged_at is not None) == ("dropped", True)
    assert not ImportPiece.objects.exists()
    assert KeyCheck.objects.get(name__contains="import-").destroyed_at
    assert "détruit avant d’être importé" in manager.get(f"/imports/{one.ref}/").content.decode()
    assert manager.get(f"/imports/{one.ref}/columns").status_code == 302


def test_only_who_runs_the_site_imports(site, client):
    for role in ("worker", "shift_lead", "sysadmin", "privacy_officer"):
        client.force_login(make_staff(f"s01-{role}", site, role))
        assert client.get("/imports/").status_code == 403
    assert Staff.objects.filter(role="manager").count() == 0


@pytest.mark.parametrize("kind", ["visits", "overdoses", "kits", "supplies", "turn-aways"])
def test_each_sample_goes_in_as_it_is(site, manager, kind):
    content = b"".join(manager.get(f"/imports/sample/{kind}.csv").streaming_content)
    upload(manager, content, kind=kind)
    one = Import.objects.get()
    answers = chosen(manager.get(f"/imports/{one.ref}/columns").content.decode())
    assert "" not in answers.values()
    values = manager.post(f"/imports/{one.ref}/columns", answers).url
    manager.post(values, chosen(manager.get(values).content.decode()))
    run(one)
    one.refresh_from_db()
    assert (one.written, one.refused) == (one.rows, 0), list(one.problems.values_list("message"))


def test_who_looks_at_the_rows_of_a_file_is_written_down(site, manager):
    brought = upload(manager, as_csv(VISITS, ROWS))
    one = Import.objects.get()
    answers = chosen(manager.get(brought.url).content.decode())
    manager.get(manager.post(brought.url, answers).url)
    manager.get(f"/imports/{one.ref}/")
    manager.get(f"/imports/{one.ref}/")  # it asks again by itself while it runs: one row an hour
    looks = TrailEntry.objects.filter(action="looked", actor="s01-mgr", about_id=str(one.ref))
    assert sorted(looks.values_list("about", flat=True)) == ["import", *["import rows"] * 3]
