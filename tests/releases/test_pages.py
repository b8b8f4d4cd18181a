from datetime import date

import pytest

from sites.releases import publishing
from tests.releases.counted import cells, seal
from tests.releases.published import main, signed_in, text


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
     "/releases/daily/ALL/2026-11-22-2/"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(published, address):
    assert signed_in(published[0]).get(address).status_code == 404


@pytest.mark.parametrize("role", ["nurse", "peer", "sysadmin", "security"])
def test_only_who_may_read_releases(published, role):
    client = signed_in(published[0], role)
    for address in ("/releases/", "/releases/daily/ALL/"):
        assert client.get(address).status_code == 403


def test_a_public_health_reader_needs_no_site(published):
    client = signed_in(None, "ph_reader")
    assert "R01" in text(client.get("/releases/"))
    assert client.get("/releases/daily/R01/").status_code == 200


def test_the_front_page_tells_the_manager(published):
    page = text(signed_in(published[0]).get("/"))
    assert "Rapport quotidien anonymisé du dim. 22 nov." in page
    assert "rapport quotidien anonymisé" not in text(signed_in(published[0], "nurse").get("/"))
