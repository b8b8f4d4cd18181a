"""Pages and files of weeks, months and quarters."""

import io
import json
from datetime import date, timedelta

import openpyxl
import pypdf
import pytest
import time_machine
from django.core.management import call_command
from django.utils.translation import override

from sites.context.models import ContextEvent
from sites.people.models import Staff
from sites.places.models import OpeningException
from sites.reports.words import period_name
from sites.trail.models import TrailEntry
from tests.factories import at, make_staff, send, sure
from tests.indicators.test_counts import a_visit
from tests.reports.test_periods import MORNING, build_all, tell
from tests.reports.test_views import text

MONTH = "/reports/month/2026-09-01/"


@pytest.fixture
def manager(site, client):
    with time_machine.travel(at(MORNING), tick=True):
        tell(site)
        build_all()
        client.force_login(make_staff("s01-09", site, role="manager"))
        yield client


def test_lists_lead_to_each_period(manager):
    assert "Trimestre 3 de 2026" in text(manager.get("/reports/?grain=quarter"))
    weeks = manager.get("/reports/?grain=week")
    assert "Semaine du 21 au 27 septembre 2026" in text(weeks)
    assert 'href="/reports/week/2026-09-21/"' in weeks.content.decode()
    assert MONTH in manager.get("/reports/?grain=month").content.decode()
    assert manager.get("/reports/?grain=decade").status_code == 200


@pytest.mark.parametrize("grain", ["week/2026-09-21", "month/2026-09-01", "quarter/2026-07-01"])
def test_a_period_shows_its_numbers_beside_those_before(manager, grain):
    page = manager.get(f"/reports/{grain}/")
    assert page.status_code == 200
    shown = text(page)
    assert "INTERNE – ne pas diffuser" in shown
    assert "Visites 4" in shown or "Visites 2" in shown
    assert "style=" not in page.content.decode()


def test_what_happened_stands_on_every_chart_with_its_words_below(manager, site):
    """What a person noted, and three days of closure, which nobody types twice."""
    ContextEvent.objects.create(
        site=site, kind="policy", first=date(2026, 9, 20), words="Nouvelle exemption", source="Gazette",
        entered_at=at(MORNING), entered_by="s01-09",
    )  # fmt: skip
    for day in (24, 25, 26):
        OpeningException.objects.create(site=site, day=date(2026, 9, day), reason="Dégât d’eau")
    for address in (MONTH, "/reports/2026-09-30/", "/dashboard/?period=yesterday", "/trends/"):
        page = manager.get(address)
        assert page.content.count(b'<b class="num">') == 2, address
        shown = text(page)
        assert "A Nouvelle exemption 20 septembre 2026 · changement de règle ou de loi · Gazette" in shown
        assert "B Dégât d’eau 24 septembre 2026 – 26 septembre 2026 · fermeture du site" in shown
        if "trends" not in address:
            assert page.content.count(b'class="tagt"') == 2
    assert manager.get("/reports/2026-09-30/").content.count(b"4V78") == 8  # two on each of four small charts


def test_in_english(manager):
    Staff.objects.filter(code="s01-09").update(language="en")
    assert "Suspected overdoses" in text(manager.get(MONTH))


def test_what_changed_is_shown_and_the_first_version_can_be_read(manager, site):
    send(site, *a_visit("2026-09-22 22:00")[1])
    build_all()
    assert "Changé depuis la version précédente" in text(manager.get(MONTH))
    assert "Changé depuis" not in text(manager.get(f"{MONTH}?version=1"))


@pytest.mark.parametrize("grain", ["day/2026-09-22", "month/2026-09-01"])
def test_files_of_a_report(manager, tmp_path, grain):
    assert manager.get(f"/reports/{grain}/pdf").url.startswith("/accounts/reauthenticate/")
    answers = {kind: sure(manager).get(f"/reports/{grain}/{kind}") for kind in ("pdf", "xlsx", "json")}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert all(answer["Cache-Control"] == "no-store" for answer in answers.values())
    pages = pypdf.PdfReader(io.BytesIO(answers["pdf"].content)).pages
    assert all("INTERNE – ne pas diffuser" in page.extract_text() for page in pages)
    book = openpyxl.load_workbook(io.BytesIO(answers["xlsx"].content))
    numbers = {(row[5], row[1]): row[2] for row in book["Nombres"].iter_rows(min_row=2, values_only=True)}
    visits = {(r["code"], r["category"]): r["value"] for r in answers["json"].json()["indicators"]}[
        "visits", "ALL"
    ]
    assert numbers["visits", None] == visits
    assert all("INTERNE" in sheet.oddHeader.left.text for sheet in book)
    path = tmp_path / "report.json"
    path.write_text(json.dumps(answers["json"].json()), encoding="utf-8")
    call_command("verify_report", str(path))
    assert TrailEntry.objects.filter(action="report.exported", why="pdf").count() == 1


def test_the_same_report_is_the_same_paper(manager):
    assert manager.get(f"{MONTH}pdf").content == manager.get(f"{MONTH}pdf").content


def test_printing_leaves_a_trace(manager):
    assert manager.post(f"{MONTH}printed").status_code == 302
    assert TrailEntry.objects.filter(action="report.printed", about_id="month 2026-09-01 v1").exists()


@pytest.mark.parametrize(
    "path",
    [
        "/reports/month/2026-09-02/", "/reports/month/2026-10-01/", "/reports/year/2026-01-01/",
        "/reports/month/x/", "/reports/month/2026-13-01/", f"{MONTH}?version=9", f"{MONTH}exe",
        "/reports/day/x/pdf", "/reports/week/2020-01-06/",
    ],
)  # fmt: skip
def test_what_is_not_there_is_404(manager, path):
    assert manager.get(path).status_code == 404


def test_a_period_that_waits_says_how_far_it_is(manager, site):
    with time_machine.travel(at("2026-11-02 15:00")):
        manager.force_login(Staff.objects.get(code="s01-09"))
        page = text(manager.get("/reports/month/2026-10-01/"))
    assert "Le rapport se construit" in page
    assert "1 jours comptés sur 31" in page or "0 jours comptés sur 31" in page


def test_only_those_who_may_read_reports_do(site, client):
    client.force_login(make_staff("s01-08", site))
    assert client.get(MONTH).status_code == 403
    assert client.get(f"{MONTH}pdf").status_code == 403
    assert client.get("/dictionary/").status_code == 200


def test_the_dictionary_holds_every_number(site, client):
    client.force_login(make_staff("s01-08", site))
    page = text(client.get("/dictionary/"))
    for words in ("Surdoses pour 1 000 consommations", "od_rate_1000", "2, proposée", "de 0 à 100",
                  "Visites avec intervention d’urgence", "ne s’additionne pas"):  # fmt: skip
        assert words in page, words


def test_periods_cost_few_queries(manager, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        manager.get(MONTH)


@pytest.mark.parametrize(
    ("language", "first", "name"),
    [
        ("fr-ca", date(2026, 11, 9), "Semaine du 9 au 15 novembre 2026"),
        ("fr-ca", date(2026, 6, 1), "Semaine du 1er au 7 juin 2026"),
        ("fr-ca", date(2026, 11, 30), "Semaine du 30 novembre au 6 décembre 2026"),
        ("en", date(2026, 11, 9), "Week of November 9 to 15, 2026"),
        ("en", date(2026, 11, 30), "Week of November 30 to December 6, 2026"),
    ],
)
def test_a_week_names_its_month_once(language, first, name):
    with override(language):
        assert period_name("week", first, first + timedelta(days=6)) == name
