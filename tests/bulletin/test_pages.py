import re
from datetime import date

from django.test import Client

from harmreduction.pg.scope import acting
from sites.recipients import services
from sites.recipients.models import Disclosure, Recipient
from sites.recipients.services import say_public
from sites.releases.publishing import build_due
from tests.releases.counted import cells, seal
from tests.releases.published import main, signed_in, text

PAGES = ["/bulletin/", "/bulletin/R01/", "/en/bulletin/", "/en/bulletin/R01/", "/bulletin/R01/feed.atom",
         "/en/bulletin/R01/feed.atom", "/bulletin/R01/visits.svg", "/api/v1/public/regions",
         "/api/v1/public/regions/R01/rows.csv", "/api/v1/public/regions/R01/rows.json",
         "/api/v1/public/releases", "/api/v1/public/releases/2026-11-22/csv"]  # fmt: skip


def test_anyone_may_read_and_any_cache_may_keep(told):
    for address in PAGES:
        check_cacheable(address)


def check_cacheable(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer.cookies == {}
    assert "Set-Cookie" not in answer.headers
    assert "cookie" not in answer.headers.get("Vary", "").lower()
    assert answer.headers["Cache-Control"] == "public, max-age=600"
    again = Client().get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Cache-Control"] == "public, max-age=600"


def test_who_is_signed_in_gets_the_same_bytes(told):
    client = signed_in(told[0], "manager", language="en")
    client.cookies["lang"] = "en"
    for address in PAGES:
        assert client.get(address, headers={"Accept-Language": "en"}).content == Client().get(address).content


def test_even_a_page_that_is_not_there_knows_nobody(told):
    answer = signed_in(told[0]).get("/bulletin/R99/")
    assert answer.status_code == 404
    assert "Personne manager" not in text(answer)
    assert answer.wsgi_request.user.is_anonymous


def test_no_script_no_form_and_no_address_elsewhere(told):
    for address in (page for page in PAGES if "api" not in page and "atom" not in page):
        page = text(Client().get(address))
        for part in ("<script", "<form", "csrf", " style="):
            assert part not in page, address
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page), address


def test_it_tells_the_month_of_the_region_with_its_range(told):
    page = main(Client().get("/bulletin/R01/"))
    october = [cell.value for cell in cells(indicator="visits", site=told[0])
               if cell.period_start.month == 10]  # fmt: skip
    total = sum(october)
    told_value = f"{total:,}".replace(",", " ")
    assert f"En octobre 2026, <span>environ {told_value} visites</span> dans 1 service" in page
    assert f"de {total - 124:,} à {total + 124:,}".replace(",", " ") in page
    assert "presque toujours à moins de 23" in page
    assert "arrondis au hasard, une seule fois" in page
    assert "Composer le 911" in page


def test_it_speaks_english_at_an_address_of_its_own(told):
    page = text(Client().get("/en/bulletin/R02/"))
    assert 'lang="en-CA"' in page
    assert "Townships" in page
    assert "Every figure here comes from counts that were rounded at random, once" in page
    assert 'hreflang="fr-CA" href="/bulletin/R02/"' in page
    assert Client().get("/en/bulletin/R02/").headers["Content-Language"] == "en"
    assert Client().get("/bulletin/R02/").headers["Content-Language"] == "fr-ca"


def test_a_region_tells_nothing_of_another_and_no_line_of_one_service(told):
    page = main(Client().get("/bulletin/R01/"))
    assert "Estrie" not in page
    assert "Site S03" not in page
    assert "Site S01" not in page.replace("ouverture : Site S01", "")
    assert "par région" in page.lower()


def test_a_service_that_chose_to_shows_its_own(told):
    with acting(sites=[told[0].pk]):
        say_public(told[0], True, from_day=date(2026, 11, 22), by="s01-05")
    page = main(Client().get("/bulletin/R01/"))
    assert "par service" in page
    assert '<th scope="row">Site S01</th>' in page


def test_a_new_release_makes_a_new_page(told):
    before = Client().get("/bulletin/R01/")
    seal("2026-11-24 07:00")
    build_due(waiting=False)
    after = Client().get("/bulletin/R01/", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "2026-11-24" in text(after)


def test_an_emptied_week_is_published_too(told):
    """20 November was set to nobody: it stands in the release like any other day."""
    rows = Client().get("/api/v1/public/regions/R01/rows.csv").content.decode()
    assert re.search(r"ALL,R01,2026-11-20,2026-11-20,day,visits,ALL,0,0,4,5,", rows)


NOT_THERE = ["/bulletin/R99/", "/bulletin/ALL/", "/en/bulletin/r01/", "/bulletin/R99/feed.atom",
             "/bulletin/R99/visits.svg", "/api/v1/public/regions/R99/rows.csv",
             "/api/v1/public/regions/R01/rows.exe", "/api/v1/public/releases/2026-11-21/csv",
             "/api/v1/public/releases/x/csv", "/api/v1/public/releases/2026-11-22/exe"]  # fmt: skip


def test_what_is_not_there_is_not_found(told):
    for address in NOT_THERE:
        answer = Client().get(address)
        assert answer.status_code == 404, address
        assert answer.cookies == {}


def test_when_the_public_gets_nothing_there_is_no_bulletin(told):
    services.revoke(Recipient.objects.get(kind="public"), by="vie-privee")
    for address in ("/bulletin/R01/", "/api/v1/public/regions/R01/rows.csv", "/bulletin/R01/feed.atom"):
        assert Client().get(address).status_code == 404
    assert "Rien n’est encore publié" in text(Client().get("/bulletin/"))
    assert Client().get("/api/v1/public/releases").json() == []


def test_reading_in_public_is_not_written_down(told):
    Client().get("/bulletin/R01/")
    Client().get("/api/v1/public/releases/2026-11-22/csv")
    assert not Disclosure.objects.exists()


def test_nothing_is_posted_to_it(told):
    assert Client().post("/bulletin/R01/").status_code in (403, 405)
