"""The register of confidentiality incidents: eight items, never overwritten, said on paper."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pypdf import PdfReader

from harmreduction.pg.scope import acting, as_owner
from sites.people.models import Staff
from sites.places.queries import today
from sites.registers.incidents import changes, keep_until, lacks, looks_serious, newest, versions
from sites.registers.models import ConfidentialityIncident
from sites.registers.reminders import reminders
from sites.registers.services import StatedMeanwhile, amend_incident
from sites.trail.models import TrailEntry
from tests.factories import sure
from tests.registers.told import an_incident
from tests.releases.published import main, signed_in

WORDS = "Une feuille du comptoir a été oubliée dehors."


@pytest.fixture
def manager(site):
    return signed_in(site, "manager")


def typed(site, **changes) -> dict:
    return {
        "information": "Des comptes sans pseudonyme.", "circumstances": WORDS,
        "discovered_on": today(site).isoformat(), **changes,
    }  # fmt: skip


def judged(site, **changes) -> dict:
    day = today(site).isoformat()
    return typed(
        site, occurred_from=day, persons="2", sensitivity="high", likelihood="medium", consequences=["legal"],
        risk="On ne sait pas qui l’a vue.", officer_consulted_on=day, serious="yes",
        measures="La feuille est retrouvée.", **changes,
    )  # fmt: skip


def test_an_incident_is_written_with_little_and_says_what_is_lacking(site, manager):
    answer = manager.post("/registers/incidents/new", typed(site))
    assert (answer.status_code, answer["Location"]) == (302, "/registers/incidents/1/")
    page = main(manager.get("/registers/incidents/1/"))
    assert WORDS in page
    assert "évaluer le risque de préjudice sérieux" in page
    assert TrailEntry.objects.filter(action="confidentiality incident opened", about_id="1 v1").exists()


def test_an_amendment_leaves_the_first_words_readable(site, manager):
    manager.post("/registers/incidents/new", typed(site))
    said = judged(site, read="1", why="La feuille est retrouvée.", circumstances="Elle était sur le banc.")
    assert manager.post("/registers/incidents/1/amend", said).status_code == 302
    page = main(manager.get("/registers/incidents/1/"))
    assert page.count(WORDS) >= 2
    assert "Elle était sur le banc." in page
    assert ConfidentialityIncident.objects.at(site).get(version=1).circumstances == WORDS
    assert [row.version for row in newest(site)] == [2]


@pytest.mark.parametrize("act", ["update", "delete", "truncate"])
def test_not_even_the_owner_changes_a_statement(site, act):
    an_incident(site)
    table = "scs_confidentialityincident"
    sql = {"update": f"update {table} set risk = 'x'", "delete": f"delete from {table}",  # noqa: S608
           "truncate": f"truncate {table}"}[act]  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic(), as_owner(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"circumstances": ""}, "circumstances"),
        ({"discovered_on": "2999-01-01"}, "discovered_on"),
        ({"occurred_from": "2026-11-02", "occurred_until": "2026-11-01"}, "occurred_until"),
        ({"risk": ""}, "risk"),
        ({"sensitivity": ""}, "sensitivity"),
        ({"consequences": []}, "consequences"),
        ({"officer_consulted_on": ""}, "officer_consulted_on"),
        ({"commission_told_on": "2020-01-01"}, "commission_told_on"),
        ({"persons_in_quebec": "3"}, "persons_in_quebec"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_typed(site, manager, wrong, field):
    answer = manager.post("/registers/incidents/new", judged(site) | wrong)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "La feuille est retrouvée." in main(answer)
    assert not ConfidentialityIncident.objects.at(site).exists()


def test_an_amendment_says_why_and_changes_something(site, manager):
    manager.post("/registers/incidents/new", typed(site))
    assert manager.post("/registers/incidents/1/amend", judged(site, read="1")).status_code == 422
    same = manager.post("/registers/incidents/1/amend", typed(site, read="1", why="Rien"))
    assert "Rien n’a changé." in main(same)


def test_two_who_amend_at_once_do_not_overwrite_each_other(site, manager):
    first = an_incident(site)
    amended = ConfidentialityIncident(
        information="x", circumstances="y", discovered_on=first.discovered_on, why="Appris depuis"
    )
    amend_incident(amended, site=site, number=1, read=1, by="s01-05")
    with pytest.raises(StatedMeanwhile):
        amend_incident(amended, site=site, number=1, read=1, by="s01-05")


def test_who_comes_second_sees_what_changed_and_inscribes_both(site, manager):
    manager.post("/registers/incidents/new", typed(site))
    address = "/registers/incidents/1/amend"
    manager.post(address, typed(site, read="1", why="Trouvée", cause="Le vent.", risk="Aucun."))
    late = manager.post(address, judged(site, read="1", why="En retard"))
    assert late.status_code == 422
    page = main(late)
    assert "pendant ce temps" in page
    assert "Le vent." in page
    form = late.context["form"]
    said = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    assert manager.post(address, said).status_code == 302
    row = newest(site).get()
    assert (row.version, row.cause, row.risk) == (3, "Le vent.", "On ne sait pas qui l’a vue.")
    assert (row.serious, row.consequences, row.why) == (True, ["legal"], "En retard")


def test_a_serious_risk_asks_for_notices_until_they_are_given(site):
    day = today(site)
    row = an_incident(
        site, occurred_words="la semaine passée", persons=1, serious=True, measures="Serrure changée."
    )
    assert [words[:20] for words in lacks(row)] == ["aviser la Commission", "aviser les personnes"]
    (urgent,) = [one for one in reminders(site) if one.url == "confidentiality-incident"]
    assert urgent.urgent
    assert "3 jours" in urgent.words
    row.commission_told_on = row.public_notice_on = day
    assert lacks(row) == []


def test_a_notice_put_off_stays_to_be_given_and_presses_again_after_a_month(site):
    day = today(site)
    row = an_incident(
        site, occurred_words="la semaine passée", persons=1, serious=True, measures="Serrure changée.",
        commission_told_on=day, persons_told_how="La police demande d’attendre.",
    )  # fmt: skip

    def reminded(days: int):
        with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
            return [one for one in reminders(site) if one.url == "confidentiality-incident"]

    for days, urgent in ((30, False), (31, True)):
        (one,) = reminded(days)
        assert f"reporté il y a {days} jours" in one.words
        assert one.urgent is urgent
    row.why, row.persons_told_on = "Toutes avisées", day
    amend_incident(row, site=site, number=1, read=1, by="s01-05")
    assert reminded(31) == []


@pytest.mark.parametrize(
    ("sensitivity", "consequences", "likelihood", "serious"),
    [
        ("high", ["legal"], "medium", True),
        ("high", ["legal"], "low", False),
        ("low", ["stigma"], "high", False),
        ("medium", ["stigma"], "high", True),
        ("medium", [], "high", False),
        ("", ["legal"], "high", None),
    ],
)
def test_three_answers_point_to_a_conclusion(sensitivity, consequences, likelihood, serious):
    assert looks_serious(sensitivity, consequences, likelihood) is serious


def test_it_is_kept_five_years(site):
    found = today(site).replace(year=2024, month=2, day=29)
    assert keep_until(found).isoformat() == "2029-03-01"


def test_changes_name_what_changed_alone(site):
    before, after = an_incident(site), an_incident(site, risk="Aucun.")
    assert changes(before, after) == [("Ce qui fait conclure au risque, ou à son absence", "", "Aucun.")]
    assert len(versions(site, 2)) == 1


def test_the_commission_gets_a_pdf_after_the_password(site, manager):
    an_incident(site, risk="Aucun; la feuille n’a que des comptes.")
    assert "reauthenticate" in manager.get("/registers/incidents/1/pdf")["Location"]
    answer = sure(manager).get("/registers/incidents/1/pdf")
    told = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    for words in (
        "Incident S01-1",
        "6. Risque de préjudice sérieux",
        "la feuille n’a que des comptes",
        "À remplir",
    ):
        assert words in re.sub(r"\s+", " ", told)
    whole = manager.get("/registers/incidents/pdf")
    assert PdfReader(BytesIO(whole.content)).pages
    assert set(TrailEntry.objects.values_list("action", flat=True)) >= {
        "incident exported", "incident register exported",
    }  # fmt: skip


def test_another_sites_incident_is_not_there(site, other_site, manager):
    with acting(sites=[other_site.pk]):
        an_incident(other_site, "Ailleurs.")
    assert manager.get("/registers/incidents/1/").status_code == 404


def test_a_nurse_reads_no_register_and_the_officer_keeps_them(site, client):
    client.force_login(Staff.objects.get(code="s01-01"))
    assert client.get("/registers/").status_code == 403
    officer = signed_in(site, "privacy_officer")
    assert officer.post("/registers/incidents/new", typed(site)).status_code == 302


def test_numbers_follow_each_other_by_site(site, other_site):
    an_incident(site)
    assert an_incident(site).number == 2
    with acting(sites=[other_site.pk]):
        assert an_incident(other_site).number == 1
