"""The statutory return: counted by calendar month from facts, made by name, handed over in writing."""

import csv
import io
from datetime import date

import openpyxl
import pytest
import time_machine

from sites.indicators.services import recount_due
from sites.people.models import Staff
from sites.recipients.models import Disclosure
from sites.releases.models import ExternalFigure
from sites.returns.models import StatutoryReturn
from sites.returns.services import count_month
from sites.trail.models import TrailEntry
from tests.factories import PASSWORD, at, make_staff, record, send
from tests.indicators.test_counts import a_visit, an_event
from tests.reports.test_views import text

MONTH, PAGE = date(2026, 10, 1), "/returns/2026-10/"
# Local midnight in Toronto: 04:00 UTC in October, 05:00 once the clocks have changed on 1 November.
INSIDE = ["2026-10-01 04:00", "2026-10-15 20:00", "2026-11-01 03:59"]
OUTSIDE = ["2026-10-01 03:59", "2026-11-01 04:00"]


def tell(site) -> None:
    for when in INSIDE + OUTSIDE:
        send(site, *a_visit(when, substances=("fentanyl", "cocaine"), handle="LUNE4")[1])
    visit, sent = a_visit("2026-10-20 20:00")
    arrived = sent[0]["data"] | {"gender": "tf", "age_band": "30_39"}
    shared = sent[2]["data"] | {"split_shared": True, "peer_assisted": True}
    send(site, sent[0] | {"data": arrived}, sent[1], sent[2] | {"data": shared}, sent[3])
    oxygen = [{"step": "oxygen_start"}, {"step": "call_911", "choice": "called"}]
    for minute in (10, 30):  # two overdoses of one visit: one episode
        _event, told = an_event(
            f"2026-10-20 20:{minute}", visit=visit, steps=oxygen, closed={"presentation": "mixed"}
        )
        send(site, *told)
    send(site, *an_event("2026-10-21 20:00", closed={"presentation": "stimulant_toxicity"})[1])
    given = {"kind": "nursing", "placement": "in_scs"}
    send(site, record("service.recorded", given, when=at("2026-10-21 20:00")))


@pytest.fixture
def told(site):
    with time_machine.travel(at("2026-11-04 15:00"), tick=True):
        tell(site)
        recount_due()
        yield site


@pytest.fixture
def manager(told, client):
    client.force_login(make_staff("s01-09", told, role="manager"))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/"})
    return client


def by_code(rows: list[dict], section: str) -> dict:
    return {row["code"]: row["value"] for row in rows if row["section"] == section}


def test_a_month_runs_from_local_midnight_to_local_midnight(told):
    rows = count_month(told, MONTH)
    canada, ontario = by_code(rows, "hc"), by_code(rows, "cts")
    assert canada["visits"] == ontario["visits"] == len(INSIDE) + 1
    assert (canada["drug_fentanyl"], canada["drug_cocaine"]) == (4, 3)
    assert sum(value for code, value in ontario.items() if code.startswith("visits_")) == ontario["visits"]
    for section in (canada, ontario):
        for breakdown in ("gender_", "age_"):
            assert sum(v for code, v in section.items() if code.startswith(breakdown)) == section["visits"]


def test_overdoses_are_events_for_canada_visits_for_quebec_and_episodes_for_ontario(told):
    rows = count_month(told, MONTH)
    canada, ontario = by_code(rows, "hc"), by_code(rows, "cts")
    assert (canada["non_fatal_overdoses"], canada["overdoses_naloxone"]) == (2, 0)
    assert (canada["drug_emergencies"], canada["ems_calls"], canada["services"]) == (1, 2, 1)
    assert by_code(rows, "drsp") == {"visits_with_emergency": 1}
    assert (ontario["overdose_episodes"], ontario["oxygen_only"], ontario["by_staff_alone"]) == (1, 1, 1)
    assert (ontario["split_visits"], ontario["overdoses_after_splitting"]) == (1, 2)
    assert (ontario["peer_assisted_visits"], ontario["peer_assisted_consumptions"]) == (1, 1)
    assert (ontario["gender_trans"], ontario["age_30_39"]) == (1, 1)


def test_sections_stand_in_the_order_asked(told):
    sections = [row["section"] for row in count_month(told, MONTH)]
    assert list(dict.fromkeys(sections)) == ["hc", "drsp", "cts"]


def test_it_is_made_under_a_name_once_and_again_only_when_a_line_differs(manager, told):
    assert "À faire" in text(manager.get("/returns/"))
    for _again in range(2):
        assert manager.post(f"{PAGE}make").status_code == 302
    made = StatutoryReturn.objects.get()
    assert (made.version, made.name, made.made_by) == (1, "Personne s01-09", "s01-09")
    send(told, *a_visit("2026-10-22 20:00")[1])
    manager.post(f"{PAGE}make")
    page = text(manager.get(PAGE))
    assert StatutoryReturn.objects.count() == 2
    assert "Changé depuis la version précédente" in page
    assert "Santé Canada" in page
    assert TrailEntry.objects.filter(action="return made").count() == 2


def handed(manager, **more):
    typed = {
        "authority": "Santé Canada", "basis": "Exemption 56.1", "why": "Mois d’octobre", "file_format": "csv",
        "known": "on",
    } | more  # fmt: skip
    return manager.post(f"{PAGE}give", typed)


def test_handing_over_is_written_down_before_the_file_comes(manager):
    manager.post(f"{PAGE}make")
    answer = handed(manager)
    assert answer["Content-Disposition"].endswith('"S01-2026-10-v1.csv"')
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [line["value"] for line in lines if line["code"] == "visits"] == ["4", "4"]
    disclosure = Disclosure.objects.get()
    assert (disclosure.recipient, disclosure.way, disclosure.by) == ("Santé Canada", "return", "s01-09")
    figure = ExternalFigure.objects.get(indicator="visits")
    assert (figure.lower, figure.upper, figure.clock) == (4, 4, "calendar")
    assert (figure.period_start, figure.period_end) == (MONTH, date(2026, 10, 31))
    count = ExternalFigure.objects.count()
    book = openpyxl.load_workbook(io.BytesIO(handed(manager, file_format="xlsx").content))
    assert [row[3] for row in book["2026-10"].iter_rows(values_only=True)][1] == "visits"
    assert (Disclosure.objects.count(), ExternalFigure.objects.count()) == (2, count)


def test_a_form_half_filled_keeps_what_was_typed_and_writes_nothing(manager):
    manager.post(f"{PAGE}make")
    answer = handed(manager, why="")
    assert answer.status_code == 422
    assert "Exemption 56.1" in answer.content.decode()
    assert not Disclosure.objects.exists()
    assert not ExternalFigure.objects.exists()


def test_it_asks_who_you_are_again(told, client):
    client.force_login(make_staff("s01-09", told, role="manager"))
    assert client.post(f"{PAGE}make")["Location"].startswith("/accounts/reauthenticate/")
    assert not StatutoryReturn.objects.exists()


@pytest.mark.parametrize("role", ["nurse", "shift_lead", "privacy_officer", "sysadmin"])
def test_only_a_manager_may(told, client, role):
    client.force_login(make_staff("s01-08", told, role=role))
    assert {client.get(page).status_code for page in ("/returns/", PAGE, f"{PAGE}give")} == {403}


@pytest.mark.parametrize(
    "path", ["2026-11/make", "2026-13/", "2026-1/", "hier/", "2026-10/give", "2026-10/?version=4"]
)
def test_what_is_not_there_is_404(manager, path):
    assert manager.get(f"/returns/{path}").status_code == 404


def test_in_english(manager):
    manager.post(f"{PAGE}make")
    Staff.objects.filter(code="s01-09").update(language="en")
    assert "Overdoses requiring naloxone" in text(manager.get(PAGE))
