import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from harmreduction.pg.scope import acting
from sites.commissioning.services import AlreadyStarted, start, start_code
from sites.keyring.models import KeyCheck
from sites.management.base import BadArguments
from sites.people.models import Posting, Staff
from sites.places.models import Booth, Organisation, Region, Site
from sites.places.queries import today
from sites.releases.models import PlanLine
from tests.factories import make_staff

PASSWORD = "quatre mots pris au hasard"
SITE = {
    "organisation": "La Halte", "region_name": "Outaouais", "region": "r07", "site_name": "Le Refuge",
    "site_code": "s07", "zone": "America/Toronto", "cutover": "5 h", "opens": "14 h 30", "closes": "2:00",
    "booths": "5", "visits_per_day": "8",
}  # fmt: skip
ACCOUNT = {"code": "S07-01", "display_name": "Gestion", "password": PASSWORD, "again": PASSWORD}


def typed(**changes) -> dict:
    return SITE | ACCOUNT | {"start_code": start_code()} | changes


def test_whoever_comes_first_is_led_there(client, db):
    assert client.get("/", follow=True).redirect_chain[-1] == ("/start/", 302)
    page = client.get("/start/", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert start_code() not in page.content.decode()


def test_a_new_installation_gets_its_site_and_its_manager(client, db):
    done = client.post("/start/", typed())
    assert done.status_code == 200
    site = Site.objects.select_related("region", "organisation").get()
    assert (site.code, site.name_fr, site.zone) == ("S07", "Le Refuge", "America/Toronto")
    assert (site.cutover.hour, site.region.code, site.region.name_fr) == (5, "R07", "Outaouais")
    assert site.organisation.name_fr == "La Halte"
    with acting(sites=[site.pk]):
        assert Booth.objects.at(site).count() == 5
        # The first copy of the keys holds all that last.
        made = KeyCheck.objects.filter(site=site).values_list("name", flat=True)
        lasting = ["S07-handle", f"S07-ledger-{today(site).year}", "S07-register", "S07-report-signing"]
        assert sorted(made) == lasting
        # By the size that was told: eight visits a day are published by the week.
        assert PlanLine.objects.at(site).get(indicator="visits").grain == "week"
        assert set(Posting.objects.at(site).values_list("staff__code", flat=True)) == {"admin", "s07-01"}
    assert dict(Staff.objects.values_list("code", "role")) == {"s07-01": "manager", "admin": "sysadmin"}
    told = re.search(r'class="once"[^>]*>([a-z-]+)<', done.content.decode())[1]
    assert Staff.objects.get(code="admin").check_password(told)
    # Signed in, and nothing is open before a second factor is.
    assert client.get("/visits/").headers["Location"].startswith("/me/access/")
    assert client.get("/me/access/passkey").status_code == 200
    assert client.get("/me/access/code").status_code == 200


def test_the_page_is_gone_for_good_once_there_is_an_account(db):
    make_staff("s01-01")
    anyone = Client()
    assert anyone.get("/start/").status_code == 404
    assert anyone.post("/start/", typed()).status_code == 404
    assert anyone.get("/accounts/login/").status_code == 200
    Staff.objects.update(is_active=False)
    assert anyone.get("/start/").status_code == 404
    assert not Site.objects.exists()


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("start_code", "tavok-relum-sipan-dokel-mirat"),
        ("start_code", ""),
        ("start_code", "\ud800é".encode("utf-8", "replace").decode()),
        ("region", "r 9"),
        ("site_code", "é"),
        ("zone", "Europe/Paris"),
        ("cutover", "25:00"),
        ("closes", "9:00"),
        ("booths", "0"),
        ("visits_per_day", "9" * 20),
        ("code", "admin"),
        ("code", "s 1"),
        ("password", "court"),
        ("password", "le code s07-01 y est"),
        ("again", "autre chose de long"),
        ("organisation", "a\x00b"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_made(client, db, field, wrong):
    refused = client.post("/start/", typed(**{field: wrong}))
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert "Le Refuge" in refused.content.decode()
    assert PASSWORD not in refused.content.decode()
    assert [made for made in (Staff, Site, Region, Organisation) if made.objects.exists()] == []


def test_where_a_site_was_added_by_command_only_the_account_is_asked_for(client, db):
    call_command("add_site", "S09", "--region=R01", "--zone=America/Halifax", "--cutover=05:00",
                 "--booths=3", "--hours=14:00-02:00")  # fmt: skip
    page = client.get("/start/").content.decode()
    assert 'name="code"' in page
    assert "site_name" not in page
    assert client.post("/start/", ACCOUNT | {"start_code": start_code()}).status_code == 200
    site = Site.objects.get()
    with acting(sites=[site.pk]):
        assert Posting.objects.at(site).count() == 2


def test_of_two_at_once_one_is_first(transactional_db):
    def begin(code):
        try:
            with transaction.atomic(), acting(sites=()):
                start(site=None, code=code, display_name=code, password=PASSWORD, language="fr-ca")
        except AlreadyStarted:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(begin, ["s01-01", "s01-02", "s01-03", "s01-04"])) == [False] * 3 + [True]
    assert Staff.objects.count() == 2


def test_the_server_tells_the_code_until_there_is_an_account(db, settings, capsys):
    settings.CSRF_TRUSTED_ORIGINS = ["https://consommation.exemple.org"]
    call_command("start_code")
    assert capsys.readouterr().out == f"https://consommation.exemple.org/start/#{start_code()}\n"
    settings.SECRET_KEY = "another"
    assert start_code() not in capsys.readouterr().out
    make_staff("s01-01")
    with pytest.raises(BadArguments):
        call_command("start_code")


def test_a_code_is_of_one_installation(settings):
    ours = start_code()
    assert re.fullmatch(r"([a-z]{5}-){4}[a-z]{5}", ours)
    settings.SECRET_KEY = "another"
    assert start_code() != ours
