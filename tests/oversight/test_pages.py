"""What the person who answers for privacy sees of the trail."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import transaction

from sites.oversight import queries
from sites.oversight.chain import chain_trail
from sites.oversight.heads import is_signed, read_told, sign_head
from sites.trail.models import TrailEntry
from sites.trail.services import note
from sites.visits.look_ups import Door
from tests.releases.published import main, signed_in, text

pytestmark = pytest.mark.usefixtures("fresh_keys")
EVENING = datetime(2026, 11, 20, 23, tzinfo=UTC)
SINCE, UNTIL = EVENING - timedelta(days=2), EVENING + timedelta(days=2)


def at(moment: datetime, action: str, site, actor="s01-01", **more) -> None:
    with time_machine.travel(moment, tick=False):
        note(action, actor=actor, site_id=site and site.pk, **more)


def look(site, minutes: float, actor="s01-01", mark="ab12", door=Door.DESK) -> None:
    moment = EVENING + timedelta(minutes=minutes)
    at(moment, door, site, actor, about="person", about_id=mark)


def test_a_look_up_that_an_arrival_follows_is_not_alone(site):
    look(site, 0)
    at(EVENING + timedelta(minutes=14), "visit.arrived", site)
    look(site, 30)
    look(site, 31, actor="s01-02")
    at(EVENING + timedelta(minutes=46), "visit.arrived", site)
    alone = queries.without_visit(SINCE, UNTIL)
    assert [(row.actor, row.at.minute) for row in alone] == [("s01-02", 31), ("s01-01", 30)]


def test_ten_in_ten_minutes_are_a_burst_and_nine_are_not(site):
    for number in range(10):
        look(site, number * 0.9)
        look(site, number * 1.2, actor="s01-02")
    (burst,) = queries.bursts(SINCE, UNTIL)
    assert (burst.actor, burst.count) == ("s01-01", 10)


@pytest.mark.parametrize("door", Door)
def test_a_look_through_any_door_is_in_each_list(site, door):
    for _look in range(10):
        look(site, -12 * 60, door=door)
    assert queries.without_visit(SINCE, UNTIL).count() == 10
    assert [burst.count for burst in queries.bursts(SINCE, UNTIL)] == [10]
    assert len(queries.out_of_hours([site], SINCE, UNTIL)) == 10
    assert [row["looks"] for row in queries.by_person(SINCE, UNTIL)] == [10]


def test_nobody_is_marked_in_the_trail_but_through_a_door():
    code = Path(settings.BASE_DIR, "sites")
    callers = {
        str(path.relative_to(code)) for path in code.rglob("*.py") if "person_mark(" in path.read_text()
    }
    assert callers == {"clients/services.py", "visits/look_ups.py"}


def test_what_is_looked_at_while_the_site_is_closed_is_told(site):
    open_hours = datetime(2026, 11, 20, 20, tzinfo=UTC)
    night = datetime(2026, 11, 20, 10, tzinfo=UTC)
    for moment in (open_hours, night):
        at(moment, "looked", site, about="visit", about_id="x")
    at(night, "visit.arrived", site)
    found = queries.out_of_hours([site], SINCE, UNTIL)
    assert [row.at for row in found] == [night]


def test_each_person_has_a_line(site):
    look(site, 0)
    at(EVENING, "record.corrected", site)
    at(EVENING, "disclosures exported", None)
    at(EVENING, "looked", site, "s01-02")
    told = {row["actor"]: row for row in queries.by_person(SINCE, UNTIL)}
    mine = told["s01-01"]
    assert (mine["looks"], mine["alone"], mine["changed"], mine["left"], mine["all"]) == (1, 1, 1, 1, 3)
    assert told["s01-02"]["opened"] == 1


def test_the_page_shows_it_and_says_that_it_was_read(site):
    look(site, 0)
    reader = signed_in(site, "privacy_officer")
    page = main(reader.get("/oversight/?first=2026-11-19&last=2026-11-21"))
    assert "1 recherche sans arrivée ensuite" in page
    assert "ab12" in page
    assert TrailEntry.objects.filter(action="trail read", actor="privacy_officer-fr-ca").exists()
    assert "Aucune dans ces jours." in main(reader.get("/oversight/?first=2026-01-01&last=2026-01-02"))


@pytest.mark.parametrize("address", ["/oversight/", "/oversight/trail/", "/oversight/head"])
@pytest.mark.parametrize("role", ["manager", "nurse", "sysadmin", "ph_reader"])
def test_no_one_else_reads_it(site, address, role):
    assert signed_in(site, role).get(address).status_code == 403


def test_rows_of_another_site_are_out_of_sight(site, other_site):
    reader = signed_in(site, "privacy_officer")
    look(site, 0)
    assert "s01-01" in text(reader.get("/oversight/trail/"))
    assert other_site.code not in main(reader.get("/oversight/trail/"))


def test_the_whole_trail_is_filtered_and_paged(site):
    for number in range(130):
        note("looked", actor="s01-01", site_id=site.pk, about_id=number)
    note("odd", actor="s01-02", site_id=site.pk)
    reader = signed_in(site, "privacy_officer")
    first = reader.get("/oversight/trail/?actor=s01-01")
    assert first.context["older"]
    assert (
        len(reader.get(f"/oversight/trail/?actor=s01-01&before={first.context['older']}").context["rows"])
        == 30
    )
    assert [row.actor for row in reader.get("/oversight/trail/?action=odd").context["rows"]] == ["s01-02"]
    assert reader.get("/oversight/trail/?first=x&before=x").status_code == 200


def test_the_signed_end_can_be_kept_elsewhere(site):
    reader = signed_in(site, "privacy_officer")
    assert reader.get("/oversight/head").status_code == 404
    note("looked", actor="s01-01", site_id=site.pk)
    chain_trail()
    with transaction.atomic():
        sign_head()
    head, signature, public = read_told(reader.get("/oversight/head").content.decode())
    assert is_signed(head, signature, public)


def test_opening_a_visit_is_in_the_trail(site):
    signed_in(site, "manager").get("/visits/?day=2026-11-20")
    entry = TrailEntry.objects.get(action="looked")
    assert (entry.about, entry.about_id) == ("visits of a day", "2026-11-20")
