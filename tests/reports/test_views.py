import re
from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from sites.people.models import Staff
from sites.places.models import OpeningException
from sites.reports.models import DailyReport
from sites.reports.pages import ReportPage
from sites.trail.models import TrailEntry
from tests.factories import at, make_staff, record, send
from tests.indicators.test_counts import a_visit, an_event
from tests.reports.test_build import DAY, MORNING, tick

PAGE = f"/reports/{DAY}/"


@pytest.fixture(autouse=True)
def _next_morning():
    with time_machine.travel(MORNING, tick=True):
        yield


@pytest.fixture
def manager(site, client):
    client.force_login(make_staff("s01-09", site, role="manager"))
    return client


@pytest.fixture
def built(site):
    visit, sent = a_visit("2026-11-20 20:00")
    closed = {"presentation": "opioid_resp_depression"}
    steps = [{"step": "oxygen_start"}]
    _event, event = an_event("2026-11-20 20:30", visit=visit, steps=steps, closed=closed)
    send(site, *sent, *event)
    tick()
    return site


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_page_shows_the_day_its_status_and_its_numbers(manager, built):
    page = manager.get(PAGE)
    shown = text(page)
    assert page.status_code == 200
    for words in ("Vendredi 20 novembre 2026", "Provisoire jusqu’au 23 nov.", "Ouvert de 14 h à 2 h",
                  "1 visite", "1 surdose présumée à l’intérieur", "oxygène et sans naloxone",
                  "INTERNE – ne pas diffuser", DailyReport.objects.get().sha256):  # fmt: skip
        assert words in shown, words
    assert "style=" not in page.content.decode()


def test_the_page_in_english(manager, built):
    Staff.objects.filter(code="s01-09").update(language="en")
    shown = text(manager.get(PAGE))
    assert "Friday, November 20, 2026" in shown
    assert "Suspected overdoses" in shown
    assert "Opioid: poor breathing: 1" in shown


def test_what_is_to_complete_leads_to_where_it_is_done(manager, site):
    visit, sent = a_visit("2026-11-20 20:00", seated=False)
    send(site, *sent, record("visit.assessed", {"visit": visit}, when=at("2026-11-20 20:05")))
    tick()
    shown = text(manager.get(PAGE))
    assert "2 choses à compléter" in shown
    assert "Départs pas notés · En attente Ouvrir" in shown
    assert "À corriger · " in shown


def test_a_second_version_names_what_changed_and_the_first_can_be_read(manager, built):
    first = text(manager.get(PAGE))
    send(built, *a_visit("2026-11-20 22:00")[1])
    tick()
    second = text(manager.get(PAGE))
    assert "Changé depuis la version précédente" in second
    assert "Visites 1 2" in second
    assert "Saisie tardive, 17 h 00 · Personne s01-01" in second
    old = text(manager.get(PAGE, {"version": 1}))
    assert "Changé depuis" not in old
    assert "remplacée depuis" in old
    assert DailyReport.objects.get(version=1).sha256 in old
    assert DailyReport.objects.get(version=1).sha256 in first


def test_a_closed_day_says_why_and_shows_no_number(manager, built):
    OpeningException.objects.create(site=built, day=DAY - timedelta(days=1), reason="Panne de chauffage")
    send(built, *a_visit("2026-11-18 20:00")[1])
    tick()
    shown = text(manager.get("/reports/2026-11-19/"))
    assert "Panne de chauffage" in shown
    assert "Visites" not in shown
    assert "fermé" in text(manager.get(PAGE))


def test_reading_and_printing_leave_a_trace(manager, built):
    manager.get(PAGE)
    answer = manager.post(reverse("report-printed", args=[DAY.isoformat()]))
    assert answer.status_code == 302
    traces = (
        TrailEntry.objects.filter(about="report").order_by("id").values_list("action", "actor", "about_id")
    )
    assert list(traces) == [
        ("report.read", "s01-09", "2026-11-20 v1"),
        ("report.printed", "s01-09", "2026-11-20 v1"),
    ]


@pytest.mark.parametrize(
    "address",
    ["/reports/2026-11-21/", "/reports/hier/", "/reports/2026-02-30/", "/reports/2019-01-01/",
     f"{PAGE}?version=2", f"{PAGE}?version=x"],
)  # fmt: skip
def test_what_is_not_there_is_404(manager, built, address):
    assert manager.get(address).status_code == 404


def test_the_report_of_another_site_is_404(built, other_site, client):
    client.force_login(make_staff("s02-09", other_site, role="manager"))
    assert client.get(PAGE).status_code == 404


@pytest.mark.parametrize("role", ["nurse", "sysadmin", "privacy_officer", "shift_lead", "ph_reader"])
def test_only_those_who_may_read_reports_do(built, client, role):
    client.force_login(make_staff("s01-08", built, role=role))
    for address in (PAGE, "/reports/"):
        assert client.get(address).status_code in (403, 404), address


def test_wrong_verbs_are_refused(manager, built):
    assert manager.post(PAGE).status_code == 405
    assert manager.get(f"{PAGE}printed").status_code == 405


def test_a_day_that_was_just_closed_says_it_is_being_built(manager, site):
    send(site, *a_visit("2026-11-20 20:00")[1])
    assert "Le rapport se construit" in text(manager.get(PAGE))


def test_the_list_shows_the_month_and_leads_to_the_one_before(manager, site):
    send(site, *a_visit("2026-10-30 20:00")[1])
    tick()
    shown = text(manager.get("/reports/"))
    assert "Novembre 2026" in shown
    assert "Vendredi 20 novembre 2026 Provisoire 1" in shown
    assert "octobre 2026" in shown
    assert "Samedi 31 octobre 2026 Définitif 1" in text(manager.get("/reports/?month=2026-10"))
    assert manager.get("/reports/?month=nonsense").status_code == 200


def test_pages_ask_few_queries_whatever_the_history(manager, built, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        manager.get(PAGE)
    with django_assert_max_num_queries(26):
        manager.get("/reports/")


def test_with_eight_weeks_the_numbers_come_with_their_usual(manager, site):
    for week in range(9):
        day = DAY - timedelta(weeks=week)
        for hour in range(20, 20 + 1 + week % 3):
            send(site, *a_visit(f"{day} {hour}:00")[1])
    tick()
    shown = text(manager.get(PAGE))
    assert "habituel 1 à 3 un vendredi" in shown
    assert "Un vendredi dans l’habituel" in shown
    assert date(2026, 9, 25) == DAY - timedelta(weeks=8)


def test_a_rate_that_a_day_cannot_tell_is_told_over_the_days_before(manager, built):
    report = DailyReport.objects.get()
    page = ReportPage(built, report, Staff.objects.get(code="s01-09"))
    few = {DAY - timedelta(days=n): 1 for n in range(6)}
    page.series = page.series | {"overdose_events": few, "consumptions": dict.fromkeys(few, 20)}
    rate = page.numbers["od_rate_1000"]
    assert (rate.value, rate.days) == (50, 7)
    page.series["consumptions"] = dict.fromkeys(few, 2)
    assert (page._number("od_rate_1000").value, page._number("od_rate_1000").days) == (None, 1)


def test_an_older_version_says_what_it_lacked_then(manager, site):
    visit, sent = a_visit("2026-11-20 20:00", seated=False)
    send(site, *sent)
    tick()
    closed = {"visit": visit, "discharge_to": "home"}
    send(site, record("visit.closed", closed, when=at("2026-11-20 20:30")))
    tick()
    assert "Départs pas notés" not in text(manager.get(PAGE))
    assert "Visites pas encore fermé : 1" in text(manager.get(PAGE, {"version": 1}))
