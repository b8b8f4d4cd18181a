import re
from datetime import date

import pytest

from harmreduction.pg.scope import acting
from sites.releases.models import PlanLine
from sites.releases.plan_page import FINEST, history, known_means, plan_on, proposal
from sites.releases.planning import TooSmall, begins
from sites.releases.released import BY_CODE
from sites.trail.models import TrailEntry
from tests.releases.published import main, signed_in, text

NEXT = "/releases/plan/next"


def typed(client, **changes) -> dict:
    """What the form holds, and what someone changes of it."""
    page = text(client.get(NEXT))
    fields = dict(re.findall(r'name="(estimate_\w+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select[^>]*name="(grain_\w+)"[^>]*>(.*?)</select>', page):
        fields[name] = re.search(r'value="(\w+)" selected', options)[1]
    return fields | changes


def test_the_plan_in_force_says_how_far_off_its_figures_will_be(published):
    page = main(signed_in(published[0]).get("/releases/plan/"))
    assert "2026-1" in page
    assert "en vigueur" in page
    # 120 visits a day: about 2 off a day, and a year of days a tenth of a percent.
    assert "environ 2 sur 120, soit 1,7 %" in page
    assert "sur une année, 0,1 %" in page
    assert "2 jours après" in page
    assert "Personne n’a proposé de plan" in page


def test_the_next_plan_starts_from_what_was_published(published):
    client = signed_in(published[0])
    fields = typed(client)
    means = known_means(published[0])
    assert float(fields["estimate_visits"].replace(",", ".")) == pytest.approx(
        sum(means["visits"].values()), abs=0.05
    )
    assert 60 < sum(means["visits"].values()) < 73
    assert fields["grain_visits"] == FINEST
    assert fields["grain_arrivals"] == "none"
    assert "environ 2 sur 6" in text(client.get(NEXT))


def test_a_manager_adopts_the_next_plan(published):
    site = published[0]
    client = signed_in(site)
    answer = client.post(NEXT, typed(client, estimate_visits="48,5", act="adopt"))
    assert answer["Location"] == "/releases/plan/"
    day = begins(site)
    assert (day.month, day.day) == (1, 1)
    lines = {line.indicator: line for line in plan_on(site, day)}
    assert lines["visits"].parts[0]["mean"] == 48.5
    assert lines["visits"].made_by == "manager-fr-ca"
    assert lines["visits_late"].grain == "year"
    assert plan_on(site, date(2026, 11, 22))[0].plan_version == "2026-1"
    assert TrailEntry.objects.filter(action="plan adopted", actor="manager-fr-ca").exists()
    page = main(client.get("/releases/plan/"))
    assert "à venir" in page
    assert "environ 2 sur 48,5" in page


def test_looking_writes_nothing(published):
    client = signed_in(published[0])
    before = PlanLine.objects.count()
    answer = client.post(NEXT, typed(client, estimate_visits="30", act="preview"))
    assert answer.status_code == 200
    assert "environ 2 sur 30" in text(answer)
    assert PlanLine.objects.count() == before


def test_a_cell_that_is_too_small_is_refused_with_the_reason(published):
    client = signed_in(published[0])
    data = typed(client, estimate_reversals="4", grain_reversals="month", act="adopt", estimate_visits="77")
    answer = client.post(NEXT, data)
    assert answer.status_code == 422
    page = text(answer)
    assert "4.0 en moyenne par mois" in page or "4 en moyenne par mois" in page
    assert "au moins 10" in page
    assert 'value="77"' in page
    assert len(history(published[0])) == 1


def test_the_finest_grain_that_holds_is_taken_and_what_holds_none_is_not_published(published):
    assert proposal(BY_CODE["reversals"], 4, FINEST, None).grain == "quarter"
    assert proposal(BY_CODE["reversals"], 0.5, FINEST, None).grain == ""
    with pytest.raises(TooSmall):
        proposal(BY_CODE["reversals"], 0.5, "year", None)
    client = signed_in(published[0])
    page = text(client.post(NEXT, typed(client, estimate_reversals="0.5", act="preview")))
    assert "Pas publié." in page


@pytest.mark.parametrize(
    "wrong",
    [{"estimate_visits": "x"}, {"estimate_visits": "-1"}, {"grain_visits": "hour"}, {"estimate_visits": ""},
     {"estimate_visits": "nan"}, {"estimate_visits": "inf"}, {"estimate_visits": "1e9"}],
)  # fmt: skip
def test_what_cannot_be_is_not_adopted(published, wrong):
    client = signed_in(published[0])
    answer = client.post(NEXT, typed(client, act="adopt", **wrong))
    assert answer.status_code == 422
    assert len(history(published[0])) == 1


def test_a_plan_of_nothing_is_no_plan(published):
    client = signed_in(published[0])
    none = {name: "none" for name in typed(client) if name.startswith("grain_")}
    answer = client.post(NEXT, typed(client, act="adopt", **none))
    assert answer.status_code == 422
    assert "Aucun indicateur ne serait publié" in text(answer)


def test_of_two_plans_for_one_year_the_last_one_holds(published):
    client, site = signed_in(published[0]), published[0]
    for visits in ("30", "40"):
        client.post(NEXT, typed(client, estimate_visits=visits, act="adopt"))
    newest, replaced, current = history(site)
    assert (newest.state, replaced.state, current.state) == ("next", "replaced", "current")
    assert {line.plan_version for line in plan_on(site, begins(site))} == {newest.name}


def test_each_site_has_its_own_plan(published):
    client = signed_in(published[0])
    client.post(NEXT, typed(client, act="adopt"))
    assert len(history(published[0])) == 2
    with acting(sites=[published[1].pk]):
        assert len(history(published[1])) == 1


@pytest.mark.parametrize(
    ("role", "reads", "proposes"),
    [("manager", 200, 200), ("privacy_officer", 200, 403), ("nurse", 403, 403), ("ph_reader", 403, 403)],
)
def test_who_may(published, role, reads, proposes):
    client = signed_in(published[0], role)
    assert client.get("/releases/plan/").status_code == reads
    assert client.get(NEXT).status_code == proposes
