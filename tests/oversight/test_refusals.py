"""Who asks for pages that their role does not open leaves a row, and the officer sees it."""

from sites.trail.models import TrailEntry
from tests.releases.published import main, signed_in

# One of them with a number in its address.
NOT_THEIRS = ["/setup/staff/", "/setup/staff/7/", "/oversight/"]


def rows() -> list[tuple]:
    refused = TrailEntry.objects.filter(action="refused").order_by("pk")
    return list(refused.values_list("actor", "site_id", "about", "about_id"))


def test_a_refused_page_is_told_by_its_kind(site):
    nurse = signed_in(site, "nurse")
    assert [nurse.get(path).status_code for path in NOT_THEIRS] == [403] * 3
    assert rows() == [
        ("nurse-fr-ca", site.pk, "page", "setup/staff/"),
        ("nurse-fr-ca", site.pk, "page", "setup/staff/<int:pk>/"),
        ("nurse-fr-ca", site.pk, "page", "oversight/"),
    ]


def test_asking_again_within_the_hour_adds_nothing(site):
    nurse = signed_in(site, "nurse")
    for _ in range(3):
        nurse.get("/setup/staff/")
    nurse.post("/setup/staff/")
    assert len(rows()) == 1


def test_the_officer_reads_who_was_refused(site):
    signed_in(site, "nurse").get("/setup/staff/")
    page = main(signed_in(site, "privacy_officer").get("/oversight/"))
    assert "1 page refusée" in page
    assert "nurse-fr-ca" in page
