import json
from datetime import date

import pytest
from django.test import Client

from harmreduction.pg.scope import acting
from sites.keyring import services as keyring
from sites.places.models import Region
from sites.releases import publishing
from sites.releases.models import Disclosure, Recipient
from sites.releases.publishing import build_due
from sites.releases.services import add_recipient
from sites.trail.models import TrailEntry
from tests import factories
from tests.releases.counted import cells, count, history, plan, seal

FIRST, LAST = date(2026, 9, 21), date(2026, 11, 21)


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    keyring._checked.clear()
    yield
    keyring._checked.clear()


@pytest.fixture
def published(site):
    """S01 of R01 and S03 of R02, sealed and built on 22 November."""
    other = factories.make_site("S03")
    other.region = Region.objects.create(code="R02", name_fr="Estrie", name_en="Townships")
    for place in (site, other):
        place.opened_on = FIRST
        place.save()
        plan(place)
        history(place, FIRST, LAST, visits=lambda n: 60 + n % 13, doses=2)
    count(site, date(2026, 11, 20), visits=0)
    seal("2026-11-22 07:00")
    build_due()
    return [site, other]


def signed_in(site, role="manager", language="fr-ca") -> Client:
    staff = factories.make_staff(f"{role}-{language}", site, role=role)
    staff.language = language
    staff.save()
    client = Client()
    client.force_login(staff)
    return client


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def main(answer) -> str:
    return text(answer).partition("<main")[2].partition("</main>")[0]


def test_the_report_of_a_region_tells_its_own_figures(published):
    page = main(signed_in(published[0]).get("/releases/daily/R02/"))
    assert "Rapport quotidien anonymisé" in page
    assert "Estrie" in page
    assert "Site S03" in page
    assert "Site S01" not in page
    (cell,) = cells(indicator="visits", site=published[1], period_start=date(2026, 11, 20))
    assert f"environ {cell.value} (de {cell.value - 4} à {cell.value + 4})" in page
    assert "multiple de 5" in page
    assert "Plan de publication 2026-1" in page


def test_a_zero_is_said_as_what_it_may_be(published):
    page = text(signed_in(published[0]).get("/releases/daily/R01/"))
    assert "de 0 à 4" in page
    assert "environ 0" not in page


def test_it_speaks_english_too(published):
    page = main(signed_in(published[0], language="en").get("/releases/daily/R02/"))
    assert "Townships" in page
    assert "Every figure here comes from counts that were rounded at random, once" in page
    assert "Suspected overdoses reversed" in page


def test_all_regions_add_up(published):
    page = text(signed_in(published[0]).get("/releases/daily/ALL/"))
    total = sum(cell.value for cell in cells(indicator="visits", period_start=date(2026, 11, 19)))
    assert f"environ {total} (de {total - 8} à {total + 8})" in page


def test_the_internal_report_and_this_one_never_share_a_name(published):
    page = text(signed_in(published[0]).get("/releases/daily/ALL/"))
    assert "INTERNE" not in page
    assert "ne pas diffuser" not in page


def test_an_older_release_keeps_its_page(published):
    client = signed_in(published[0])
    address = "/releases/daily/ALL/2026-11-22/"
    before = main(client.get(address))
    seal("2026-11-23 07:00")
    publishing.build_due(waiting=False)
    assert main(client.get(address)) == before
    assert "21 novembre 2026" in text(client.get("/releases/daily/ALL/"))


@pytest.mark.parametrize(
    "address",
    ["/releases/daily/R99/", "/releases/daily/ALL/2026-11-21/", "/releases/daily/ALL/nothing/",
     "/releases/daily/ALL/2026-11-22-2/", "/releases/files/2026-11-22/docx",
     "/releases/files/2026-99-99/csv"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(published, address):
    assert signed_in(published[0]).get(address).status_code == 404


@pytest.mark.parametrize("role", ["nurse", "peer", "sysadmin", "security"])
def test_only_who_may_read_releases(published, role):
    client = signed_in(published[0], role)
    for address in ("/releases/", "/releases/daily/ALL/", "/releases/files/2026-11-22/csv"):
        assert client.get(address).status_code == 403


def test_a_public_health_reader_needs_no_site(published):
    client = signed_in(None, "ph_reader")
    assert "R01" in text(client.get("/releases/"))
    assert client.get("/releases/daily/R01/").status_code == 200


def test_before_anything_is_published_the_list_says_so(site):
    assert "Rien n’est encore publié" in text(signed_in(site).get("/releases/"))
    assert signed_in(site, "privacy_officer").get("/releases/daily/ALL/").status_code == 404


def test_the_front_page_tells_the_manager(published):
    page = text(signed_in(published[0]).get("/"))
    assert "Rapport quotidien anonymisé du dim. 22 nov." in page
    assert "rapport quotidien anonymisé" not in text(signed_in(published[0], "nurse").get("/"))


def test_a_file_handed_to_staff_is_written_down(published):
    answer = signed_in(published[0]).get("/releases/files/2026-11-22/csv-fr")
    assert answer.content.startswith("\ufeffrelease_id;".encode())
    assert Disclosure.objects.get().recipient == "manager-fr-ca"


# --- For recipients -----------------------------------------------------------------------


@pytest.fixture
def token(db):
    return add_recipient("DRSP", "surveillance")[1]


def pull(client, address, token):
    return client.get(address, headers={"Authorization": f"Bearer {token}"})


def test_a_recipient_pulls_what_was_built_and_it_is_written_down(published, token, client):
    (told,) = pull(client, "/api/v1/releases", token).json()
    assert (told["id"], told["published_at"]) == ("2026-11-22", "2026-11-22T12:00:00Z")
    for name in told["formats"]:
        answer = pull(client, f"/api/v1/releases/2026-11-22/{name}", token)
        assert answer.status_code == 200
        assert answer["ETag"] == f'"{told["sha256"][name]}"'
    assert {d.recipient for d in Disclosure.objects.all()} == {"DRSP"}
    assert Disclosure.objects.count() == len(told["formats"])
    assert TrailEntry.objects.filter(action="release sent").count() == len(told["formats"])
    rows = json.loads(pull(client, "/api/v1/releases/2026-11-22/json", token).content)["rows"]
    assert {row["release_id"] for row in rows} == {"2026-11-22"}


@pytest.mark.parametrize("given", ["", "nothing", "\x00", "é"])
def test_without_a_good_token_nothing_is_told(published, token, client, given):
    for address in ("/api/v1/releases", "/api/v1/releases/2026-11-22/csv", "/api/v1/releases/x/csv"):
        answer = pull(client, address, given)
        assert answer.status_code == 401
        assert set(answer.json()["error"]) == {"code", "message"}
        assert client.get(address).status_code == 401
    assert not Disclosure.objects.exists()


def test_a_revoked_token_is_no_token(published, token, client):
    Recipient.objects.update(revoked_at="2026-11-22T00:00:00Z")
    assert pull(client, "/api/v1/releases", token).status_code == 401


def test_unknown_files_are_not_found_for_a_recipient(published, token, client):
    for address in ("2026-11-22/docx", "2026-11-20/csv", "2026-02-30/csv", "..%2f/csv"):
        assert pull(client, f"/api/v1/releases/{address}", token).status_code == 404
    assert client.post("/api/v1/releases").status_code in (403, 405)


def test_a_token_is_kept_only_as_a_digest(token):
    kept = Recipient.objects.get()
    assert token not in (kept.name, kept.purpose, kept.token_digest)
    with acting(sites=[]):
        assert len(kept.token_digest) == 64
