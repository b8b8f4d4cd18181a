"""Authorisations end, conditions are looked at, training expires; nothing of it stops an emergency."""

from datetime import date

import pytest

from harmreduction.pg.scope import acting
from sites.overdoses.models import OverdoseEvent
from sites.people.models import Staff
from sites.places.queries import today
from sites.registers.authorisations import ending, is_renewed, months_after, standings
from sites.registers.models import Authorisation, ConditionCheck, TrainingDone
from sites.registers.reminders import reminders
from sites.registers.services import set_course, withdraw_training
from sites.registers.terms import Course, Paper, Rhythm, Standing
from sites.registers.training import due, standing
from tests.factories import record, ref, send
from tests.registers.told import a_check, a_condition, a_training, an_authorisation
from tests.releases.published import main, signed_in


@pytest.fixture
def manager(site):
    return signed_in(site, "manager")


def told(site) -> list[str]:
    return [one.words.replace("\xa0", " ") for one in reminders(site)]


@pytest.mark.parametrize(
    ("ends_in", "kind", "stage"),
    [
        (91, Paper.FEDERAL, None),
        (90, Paper.FEDERAL, 90),
        (31, Paper.FEDERAL, 90),
        (30, Paper.FEDERAL, 30),
        (8, Paper.FEDERAL, 30),
        (7, Paper.FEDERAL, 7),
        (0, Paper.FEDERAL, 7),
        (-1, Paper.FEDERAL, 0),
        (300, Paper.PROVINCIAL, 365),
        (366, Paper.PROVINCIAL, None),
    ],
)
def test_an_end_is_announced_ninety_thirty_and_seven_days_before(site, ends_in, kind, stage):
    row = an_authorisation(site, ends_in=ends_in, kind=kind)
    assert ending(row, today(site)).stage == stage
    assert bool(told(site)) is (stage is not None)


def test_an_end_is_pressing_in_its_last_month_and_silent_once_renewed(site):
    row = an_authorisation(site, ends_in=20)
    (one,) = reminders(site)
    assert one.urgent
    assert "finit dans 20 jours" in one.words
    renewal = an_authorisation(site, ends_in=385, began=-21)
    assert is_renewed(row, [row, renewal])
    assert reminders(site) == []


def test_a_gap_is_no_renewal(site):
    row = an_authorisation(site, ends_in=20)
    assert not is_renewed(row, [row, an_authorisation(site, ends_in=385, began=-22)])
    assert not is_renewed(row, [row, an_authorisation(site, ends_in=385, kind=Paper.PROVINCIAL)])


def test_what_has_no_end_reminds_of_none(site):
    an_authorisation(site, ends_in=None)
    assert reminders(site) == []


def test_a_condition_is_due_one_rhythm_after_it_was_looked_at(site):
    condition = a_condition(an_authorisation(site), Rhythm.MONTH, since=40)
    assert "1 condition à vérifier" in told(site)[0]
    a_check(condition)
    assert told(site) == []
    a_check(condition, kept=False)
    (again,) = reminders(site)
    assert again.urgent


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 11, 23), 12, date(2027, 11, 23)),
    ],
)
def test_months_end_where_the_month_does(day, months, later):
    assert months_after(day, months) == later


def test_the_pages_write_them(site, manager):
    day = today(site).isoformat()
    paper = {
        "kind": "federal",
        "number": "SC-1",
        "issuer": "Santé Canada",
        "starts_on": day,
        "ends_on": "2020-01-01",
    }
    assert manager.post("/registers/authorisations/new", paper).status_code == 422
    assert manager.post("/registers/authorisations/new", paper | {"ends_on": "2099-01-01"}).status_code == 302
    row = Authorisation.objects.at(site).get()
    page = f"/registers/authorisations/{row.pk}/"
    asked = {"words": "Registre des vols et pertes", "role": "manager", "rhythm": "quarter"}
    assert manager.post(f"{page}condition", asked).status_code == 302
    condition = row.conditions.get()
    checked = {"on": day, "kept": "no", "evidence": "Deux pages manquent"}
    assert manager.post(f"/registers/conditions/{condition.pk}/check", checked).status_code == 302
    assert "Deux pages manquent" in main(manager.get(page))
    assert manager.post(f"/registers/conditions/{condition.pk}/retire").status_code == 302
    assert "Registre des vols et pertes" in main(manager.get(page))
    assert standings(site)[0].conditions == []
    assert ConditionCheck.objects.at(site).count() == 1


def test_another_sites_papers_are_not_there(site, other_site, manager):
    with acting(sites=[other_site.pk]):
        row = an_authorisation(other_site)
        condition = a_condition(row)
    for path in (
        f"authorisations/{row.pk}/",
        f"authorisations/{row.pk}/change",
        f"conditions/{condition.pk}/check",
    ):
        assert manager.get(f"/registers/{path}").status_code == 404


# --- Training ----------------------------------------------------------------------------
@pytest.fixture
def nurse(site) -> Staff:
    set_course(site, Course.NALOXONE, roles=["nurse"], months=24, by="s01-05")
    return Staff.objects.get(code="s01-01")


@pytest.mark.parametrize(
    ("expires_in", "expected"),
    [
        (-1, Standing.OVER),
        (0, Standing.SOON),
        (29, Standing.SOON),
        (30, Standing.HELD),
        (None, Standing.HELD),
    ],
)
def test_training_expires(site, nurse, expires_in, expected):
    assert standing(a_training(site, nurse, expires_in=expires_in), today(site)) == expected


def test_who_lacks_a_course_is_due_until_it_is_noted(site, nurse, manager):
    assert [(d.course, [s.code for s in d.lacking]) for d in due(site)] == [(Course.NALOXONE, ["s01-01"])]
    assert "1 personne à former" in told(site)[0]
    noted = {"course": "naloxone", "staff": [nurse.pk], "done_on": today(site).isoformat()}
    assert manager.post("/registers/training/new", noted).status_code == 302
    done = TrainingDone.objects.at(site).get()
    assert done.expires_on == months_after(today(site), 24)
    assert due(site) == []
    assert manager.post(f"/registers/training/{done.pk}/withdraw").status_code == 302
    assert due(site)


def test_what_holds_longest_counts(site, nurse):
    a_training(site, nurse, expires_in=None)
    a_training(site, nurse, expires_in=-5)
    assert due(site) == []
    withdraw_training(TrainingDone.objects.at(site).get(expires_on=None), by="s01-05")
    assert due(site)


def test_a_rule_for_nobody_asks_nothing(site, nurse, manager):
    assert manager.post("/registers/training/courses/naloxone", {"months": ""}).status_code == 302
    assert due(site) == []
    assert manager.get("/registers/training/courses/danse").status_code == 404


def test_the_hand_over_says_it_without_a_name(site, nurse):
    page = main(signed_in(site, "shift_lead").get("/shift/"))
    assert "Formation, naloxone : 1 personne à former" in page
    assert "s01-01" not in page.partition("h-courses")[2].partition("</section>")[0]


def test_training_that_is_over_stops_nobody(site, nurse):
    a_training(site, nurse, expires_in=-5)
    (receipt,) = send(site, record("overdose.opened", {"event": ref(), "location": "booth"}, by="s01-01"))
    assert receipt.status == "created"
    assert OverdoseEvent.objects.at(site).count() == 1


def test_a_manager_reads_what_is_to_do_where_they_look_first(site, nurse, manager):
    an_authorisation(site, ends_in=5)
    for path in ("/registers/", "/reports/", "/dashboard/"):
        assert "finit dans 5 jours" in main(manager.get(path)), path
    officer = signed_in(site, "privacy_officer")
    assert "finit dans 5 jours" in main(officer.get("/releases/"))
