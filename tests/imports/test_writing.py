"""From a file to facts: read, tried without a trace, written once, taken back whole."""

import pytest
import time_machine

from sites.imports.models import Import, ImportPiece, ImportProblem
from sites.imports.terms import State
from sites.indicators.queries import counts_of
from sites.indicators.services import recount_due
from sites.overdoses.models import OverdoseEvent
from sites.records.models import Record
from sites.visits.models import Visit
from tests.factories import at
from tests.imports.bringing import OVERDOSES, VISITS, as_csv, bring, checked, undone, written

A_DAY = [
    ["2024-03-01 21:05", "22:10", "F", "34", "Fentanyl", "IV", "2"],
    ["2024-03-01 21:10", "", "H", "30 à 39 ans", "crack + down", "fumée", ""],
    ["2024-03-02 01:30", "01:50", "", "", "", "", ""],
]
EVENTS = [
    ["2024-03-01", "22:00", "Place de consommation", "Opioïde : respire mal", "Rétablie sur place", "non",
     "2", "Naloxone nasale 4 mg", "autre membre de l’équipe", "oui"],
    ["2024-03-02", "", "Toilettes", "Mélange", "Transportée", "oui", "", "", "", ""],
]  # fmt: skip


@pytest.fixture(autouse=True)
def later():
    with time_machine.travel(at("2026-11-22 17:00"), tick=True):
        yield


def test_a_register_of_visits(site):
    imported = checked(bring(site, "visits", as_csv(VISITS, A_DAY)))
    assert (imported.state, imported.written, imported.refused) == (State.CHECKED, 3, 0)
    assert not Record.objects.at(site).exists()
    assert imported.tally["2024-03-01"]["visit.arrived"] == 3
    imported = written(imported)
    assert (imported.state, imported.written) == (State.DONE, 3)
    first, second, third = Visit.objects.at(site).order_by("arrived_at")
    assert (first.substances, first.route, first.age_band, first.gender) == (
        ["fentanyl"],
        "inj_iv",
        "30_39",
        "f",
    )
    assert sorted(second.substances) == ["crack", "heroin"]
    assert (second.route, second.ended_at) == ("inh_smoke", second.arrived_at)
    assert (third.consumed, third.substances, str(third.service_date)) == (True, ["unknown"], "2024-03-01")
    assert {visit.state for visit in (first, second, third)} == {"closed"}
    assert {(tuple(r.flags), r.device, r.by) for r in Record.objects.at(site)} == {
        (("import",), str(imported.ref), "s01-01")
    }


def test_overdoses_with_their_doses(site):
    imported = written(bring(site, "overdoses", as_csv(OVERDOSES, EVENTS)))
    assert (imported.written, imported.refused) == (2, 0), list(ImportProblem.objects.values_list("message"))
    first, second = OverdoseEvent.objects.at(site).order_by("opened_at")
    assert (first.doses_staff, first.oxygen, first.reversal, first.ems_called) == (2, True, True, "no")
    assert (first.oxygen_after_s, first.naloxone_after_s) == (None, None)
    assert (second.outcome, str(second.service_date), second.ems_calls) == ("transport", "2024-03-02", 1)


def test_undoing_returns_every_count_to_what_it_was(site):
    other = written(
        bring(site, "visits", as_csv(VISITS, [["2024-03-01 20:00", "", "", "", "crack", "", ""]]))
    )
    recount_due()
    day = other.uploaded_at.replace(2024, 3, 1).date()
    before = {key: value for key, value in counts_of(site, day).items()}
    imported = written(bring(site, "visits", as_csv(VISITS, A_DAY)))
    recount_due()
    assert counts_of(site, day)["visits", "ALL"] == before["visits", "ALL"] + 3
    imported = undone(imported)
    recount_due()
    assert (imported.state, imported.left) == (State.UNDONE, 0)
    assert counts_of(site, day) == before
    assert Visit.objects.at(site).count() == 1


def test_the_same_row_counts_once_whatever_file_it_comes_in(site):
    content = as_csv(VISITS, A_DAY)
    written(bring(site, "visits", content))
    again = written(bring(site, "visits", content))
    assert (again.written, again.already) == (0, 3)
    longer = written(bring(site, "visits", as_csv(VISITS, [*A_DAY, A_DAY[0]], separator=",")))
    assert (longer.written, longer.already) == (1, 3)
    assert Visit.objects.at(site).count() == 4
    first = Import.objects.order_by("pk")[0]
    undone(first)
    assert Visit.objects.at(site).count() == 1
    assert written(bring(site, "visits", content)).written == 3
    assert Visit.objects.at(site).count() == 4


def test_nothing_of_the_file_stands_in_clear(site):
    imported = bring(site, "visits", as_csv(VISITS, A_DAY))
    assert all(b"entanyl" not in bytes(piece.box) for piece in ImportPiece.objects.all())
    assert "entanyl" not in str(imported.mapping).replace("'fentanyl'", "")
