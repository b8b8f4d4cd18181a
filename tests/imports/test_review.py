"""A past register does not fill the list of what to review with what it never knew."""

from datetime import date

import pytest
import time_machine

from sites.imports.catalogue import REGISTERS
from sites.imports.models import Import
from sites.indicators.queries import counts_of
from sites.indicators.registry import REGISTRY
from sites.indicators.services import recount_due
from sites.naloxone.models import KitGiven
from sites.reports.services import build_due
from sites.supplies.models import SupplyLine
from tests.factories import at, make_staff
from tests.imports.bringing import OVERDOSES, VISITS, as_csv, bring, written
from tests.imports.test_writing import A_DAY, EVENTS
from tests.review.test_list import odd

DAY = date(2024, 3, 1)


@pytest.fixture(autouse=True)
def later():
    with time_machine.travel(at("2024-03-20 17:00"), tick=True):
        yield


@pytest.fixture
def registers(site) -> list[Import]:
    site.opened_on = DAY
    site.save()
    twice = [[*EVENTS[1][:2], *EVENTS[0][2:]], EVENTS[1]]
    brought = [
        bring(site, "visits", as_csv(VISITS, A_DAY)),
        bring(site, "overdoses", as_csv(OVERDOSES, [EVENTS[0], *twice])),
        bring(site, "kits", as_csv(["Date", "Genre", "Nombre"], [["2024-03-01", "Nasale", "60"]])),
        bring(
            site, "supplies",
            as_csv(["Date", "Seringue 1 cc · 27G ½ po", "Embout"], [["2024-03-01", "4000", "30"]]),
        ),
        bring(site, "turn-aways", as_csv(["Date", "Motif", "Nombre"], [["2024-03-01", "complet", "80"]])),
    ]  # fmt: skip
    done = [written(one) for one in brought]
    assert [one.refused for one in done] == [0] * 5
    return done


def test_each_register_names_the_number_that_tells_what_is_there():
    assert {register.beside for register in REGISTERS.values()} <= set(REGISTRY)


def test_nothing_is_to_review_of_what_a_register_never_said(site, registers):
    assert odd(site) == []


def test_they_count_as_any_other_and_are_told_apart(site, registers, client):
    recount_due()
    counts = counts_of(site, DAY)
    assert (counts["visits", "ALL"], counts["visits_imported", "ALL"]) == (3, 3)
    assert (counts["overdose_events", "ALL"], counts["overdoses_imported", "ALL"]) == (1, 1)
    assert counts["turned_away", "ALL"] == 80
    assert KitGiven.objects.at(site).get().count == 60
    assert sorted(SupplyLine.objects.at(site).values_list("quantity", flat=True)) == [30, 4000]
    build_due()
    client.force_login(make_staff("s01-mgr", site, "manager"))
    page = client.get(f"/reports/{DAY}/").content.decode()
    assert "Y compris 3 visites et 1 surdoses d’un registre importé" in page
