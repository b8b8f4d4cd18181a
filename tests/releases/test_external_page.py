import pytest

from sites.releases.models import ExternalFigure
from tests.releases.counted import cells
from tests.releases.published import signed_in, text

OCTOBER = {
    "publisher": "Santé Canada", "source": "tableau de bord", "indicator": "visits",
    "period_start": "2026-10-01", "period_end": "2026-10-31", "clock": "service_day", "lower": "2040",
    "upper": "2040",
}  # fmt: skip


def post(client, **changes):
    return client.post("/releases/external/new", OCTOBER | changes, follow=True)


def test_a_figure_of_others_is_registered_for_the_gate(published):
    officer = signed_in(published[0], "privacy_officer")
    page = text(post(officer, site=published[0].pk))
    figure = ExternalFigure.objects.get()
    assert (figure.publisher, figure.lower, figure.upper) == ("Santé Canada", 2040, 2040)
    assert figure.registered_by == "privacy_officer-fr-ca"
    assert "C’est enregistré." in page
    assert "Santé Canada" in page
    assert "2 040 – 2 040" in page


def test_who_writes_it_learns_what_it_narrows(published):
    """Two days whose real sum is the least that their published values allow: both are read to the unit."""
    site = published[0]
    days = cells(indicator="visits", site=site, period_start__range=("2026-11-17", "2026-11-18"))
    least = str(sum(cell.value - 4 for cell in days))
    two = {"period_start": "2026-11-17", "period_end": "2026-11-18", "lower": least, "upper": least}
    page = text(post(signed_in(site, "privacy_officer"), site=site.pk, **two))
    assert "2 cellules déjà publiées se lisent à moins de 4 près" in page


@pytest.mark.parametrize(
    "wrong",
    [{"publisher": ""}, {"indicator": "arrivals_of_nobody"}, {"upper": "3"}, {"lower": "-1"},
     {"period_end": "2026-09-01"}, {"clock": "x"}, {"site": "999"}, {"lower": "9" * 20}],
)  # fmt: skip
def test_what_cannot_be_keeps_what_was_typed(published, wrong):
    answer = signed_in(published[0], "privacy_officer").post("/releases/external/new", OCTOBER | wrong)
    assert answer.status_code == 422
    assert "tableau de bord" in text(answer)
    assert not ExternalFigure.objects.exists()


def test_a_figure_is_of_a_site_or_of_a_region(published):
    both = {"site": published[0].pk, "region": published[0].region_id}
    answer = signed_in(published[0], "privacy_officer").post("/releases/external/new", OCTOBER | both)
    assert answer.status_code == 422


def test_another_sites_figures_are_not_shown(published):
    post(signed_in(published[0], "privacy_officer"), site=published[0].pk)
    assert "Santé Canada" not in text(signed_in(published[1]).get("/releases/external/"))


@pytest.mark.parametrize(
    ("role", "reads", "adds"), [("privacy_officer", 200, 200), ("manager", 200, 403), ("nurse", 403, 403)]
)
def test_who_may(published, role, reads, adds):
    client = signed_in(published[0], role)
    assert client.get("/releases/external/").status_code == reads
    assert client.get("/releases/external/new").status_code == adds
