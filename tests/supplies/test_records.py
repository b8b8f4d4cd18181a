"""Hand-outs, returns and pick-ups: what is valid, what is kept, what it adds up to."""

from datetime import date

import pytest

from sites.people.models import Staff
from sites.records.models import Record
from sites.records.stories import KINDS
from sites.supplies.models import SupplyAct, SupplyLine
from sites.supplies.services import set_conversion
from sites.tablet.schemas import form_schema
from tests.factories import at, record, ref, send

GIVEN, RETURNED, PICKUP = "supplies.given", "supplies.returned", "syringe.pickup"
WHEN = at("2026-03-03 20:00")


def line(item="needle_27g", quantity=10, **more) -> dict:
    return {"item": item, "quantity": quantity, **more}


def lines_now() -> list[tuple]:
    rows = SupplyLine.objects.order_by("id")
    return [(row.direction, row.item, row.quantity, row.syringes) for row in rows]


def test_a_hand_out_keeps_its_lines_and_for_whom(site):
    data = {"lines": [line(), line("water", 10)], "for_whom": "self_and_others", "visit": ref()}
    (receipt,) = send(site, record(GIVEN, data, when=WHEN))
    assert receipt.status == "created"
    assert lines_now() == [("out", "needle_27g", 10, 10), ("out", "water", 10, 0)]
    act = SupplyAct.objects.get()
    assert (act.for_whom, str(act.visit_ref), act.service_date) == (
        "self_and_others", data["visit"], date(2026, 3, 3),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("back", "syringes", "version"),
    [
        (line("needle_any", 20), 20, None),
        (line("needle_27g", 3, method="counted"), 3, None),
        (line("needle_any", 1255, method="weight"), 251, 0),
        (line("bin_1l", 2), 100, 0),
        (line("bin_8l", 1, method="bin"), 400, 0),
        (line("pipe_bowl", 4), 0, None),
    ],
)
def test_what_comes_back_is_counted_weighed_or_by_bin(site, back, syringes, version):
    (receipt,) = send(site, record(RETURNED, {"lines": [back]}, when=WHEN))
    assert receipt.status == "created"
    row = SupplyLine.objects.get()
    assert (row.quantity, row.syringes, row.conversion) == (back["quantity"], syringes, version)


@pytest.mark.parametrize(
    ("kind", "wrong", "code"),
    [
        (GIVEN, [], "required"),
        (GIVEN, "needle_27g", "type"),
        (GIVEN, ["needle_27g"], "type"),
        (GIVEN, [line()] * 41, "too_many"),
        (GIVEN, [line(quantity=0)], "min_value"),
        (GIVEN, [line(quantity="10")], "type"),
        (GIVEN, [line("boat")], "invalid_choice"),
        (GIVEN, [{"item": "water"}], "required"),
        (GIVEN, [line(colour="blue")], "unknown"),
        (GIVEN, [line("needle_any")], "used"),
        (RETURNED, [line(method="bin")], "method"),
        (RETURNED, [line("bin_1l", method="weight")], "method"),
        (PICKUP, [line("bin_1l", method="counted")], "method"),
    ],
)
def test_a_wrong_line_is_refused_under_its_field(site, kind, wrong, code):
    (receipt,) = send(site, record(kind, {"lines": wrong}))
    assert receipt.status == "invalid"
    assert [error["code"] for error in receipt.errors["lines"]] == [code]
    assert not SupplyAct.objects.exists()


def test_an_error_says_which_line(site):
    (receipt,) = send(site, record(GIVEN, {"lines": [line(), line("boat")]}))
    assert receipt.errors["lines"][0]["message"].startswith("Ligne 2, Article")


def test_what_is_kept_of_a_refused_one_holds_no_unknown_value_at_any_depth(site):
    lines = [line(note="called Rive", handle="RIVE"), "RIVE"]
    send(site, record(GIVEN, {"lines": lines, "who": "RIVE"}))
    send(site, record(GIVEN, {"lines": [line(handle="RIVE", quantity=0)]}))
    assert [r.data for r in Record.objects.order_by("id")] == [
        {"lines": [line()]},
        {"lines": [line(quantity=0)]},
    ]


def test_a_correction_replaces_the_lines_and_may_move_the_day(site):
    first = record(GIVEN, {"lines": [line()], "for_whom": "self"}, when=WHEN)
    change = {"lines": [line("needle_29g", 30)], "occurred_at": "2026-03-01T20:00:00Z"}
    send(site, first, record("record.corrected", {"target": first["id"], "data": change, "reason": "x"}))
    assert lines_now() == [("out", "needle_29g", 30, 30)]
    assert SupplyAct.objects.get().for_whom == "self"
    assert SupplyLine.objects.get().service_date == date(2026, 3, 1)
    (wrong,) = send(
        site, record("record.corrected", {"target": first["id"], "data": {"lines": []}, "reason": "x"})
    )
    assert wrong.status == "invalid"


def test_a_void_takes_all_of_it_back(site):
    first = record(PICKUP, {"lines": [line("needle_any", 7)], "area": "park"}, when=WHEN)
    send(site, first, record("record.voided", {"target": first["id"], "reason": "x"}))
    assert not SupplyAct.objects.exists()
    assert not SupplyLine.objects.exists()


def test_a_new_conversion_holds_from_its_day_and_changes_nothing_before(site):
    heavier = {"kg": 100, "bin_1l": 60, "bin_4l": 240, "bin_8l": 480}
    set_conversion(site, heavier, valid_from=date(2026, 3, 3), source="pesée", by="s01-01")
    weighed = {"lines": [line("needle_any", 1000, method="weight")]}
    send(site, record(RETURNED, weighed, when=at("2026-03-03 08:00")))
    send(site, record(RETURNED, weighed, when=WHEN))
    rows = SupplyLine.objects.order_by("service_date").values_list("syringes", "conversion")
    assert list(rows) == [(200, 0), (100, 1)]


def test_the_schema_of_a_kind_with_lines_says_what_a_line_holds(db):
    schema = form_schema(KINDS[RETURNED].form)
    assert schema["required"] == ["lines"]
    of_a_line = schema["properties"]["lines"]["items"]
    assert of_a_line["required"] == ["item", "quantity"]
    assert "bin_4l" in of_a_line["properties"]["item"]["enum"]
    assert of_a_line["properties"]["method"]["enum"] == ["counted", "weight", "bin"]


def test_the_correction_page_takes_lines_away_adds_and_changes_them(site, client):
    first = record(
        RETURNED, {"lines": [line("needle_any", 20, method="counted"), line("bin_1l", 2)]}, when=WHEN
    )
    send(site, first)
    client.force_login(Staff.objects.get(code="s01-01"))
    page = f"/records/{first['id']}/correct"
    shown = client.get(page).content.decode()
    assert 'name="lines-4-item"' in shown
    typed = {"day": "2026-03-03", "time": "15:00", "why": "recompté"}
    typed |= {"lines-0-item": "needle_any", "lines-0-quantity": "25", "lines-0-method": "counted"}
    typed |= {"lines-1-item": "", "lines-1-quantity": "2", "lines-2-item": "bin_4l", "lines-2-quantity": "1"}
    assert client.post(page, typed | {"lines-0-quantity": "beaucoup"}).status_code == 422
    assert client.post(page, typed).status_code == 302
    assert lines_now() == [("back", "needle_any", 25, 25), ("back", "bin_4l", 1, 200)]
    again = client.post(page, typed)
    assert "Rien n’a changé." in again.content.decode()
