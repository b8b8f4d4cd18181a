"""Indicator 30: what went out, came back and was picked up in a service day."""

from datetime import date

from sites.indicators.queries import counts_of
from sites.indicators.services import recount
from tests.factories import at, record, send
from tests.supplies.test_records import GIVEN, PICKUP, RETURNED, line

DAY = date(2026, 3, 3)
WHEN = at("2026-03-03 20:00")


def counted(site, *records) -> dict:
    assert {receipt.status for receipt in send(site, *records)} == {"created"}
    recount(site, [DAY])
    return counts_of(site, DAY)


def test_each_number_counts_its_own_lines(site):
    counts = counted(
        site,
        record(GIVEN, {"lines": [line(), line("needle_29g", 4), line("pipe_bowl", 2)]}, when=WHEN),
        record(GIVEN, {"lines": [line(quantity=300)], "location_kind": "van"}, when=WHEN),
        record(GIVEN, {"lines": [line("stem", 1), line("condom", 6)]}, when=WHEN),
        record(RETURNED, {"lines": [line("needle_any", 20), line("bin_1l", 1)]}, when=WHEN),
        record(RETURNED, {"lines": [line("needle_any", 500, method="weight")]}, when=WHEN),
        record(PICKUP, {"lines": [line("needle_any", 7)], "area": "park"}, when=WHEN),
        record(PICKUP, {"lines": [line("bin_1l", 1)]}, when=WHEN),
        record(GIVEN, {"lines": [line()]}, when=at("2026-03-04 20:00")),
    )
    assert {name: int(counts[name, "ALL"]) for name in (
        "handouts", "syringes_out", "syringes_in", "pipes_out", "pickups", "syringes_picked_up",
    )} == {
        "handouts": 3, "syringes_out": 314, "syringes_in": 170, "pipes_out": 3, "pickups": 2,
        "syringes_picked_up": 57,
    }  # fmt: skip
    assert {key: int(n) for key, n in counts.items() if key[0] in ("syringes_out", "syringes_in", "pickups")
            and key[1] != "ALL"} == {
        ("syringes_out", "counter"): 14, ("syringes_out", "van"): 300,
        ("syringes_in", "counted"): 20, ("syringes_in", "bin"): 50, ("syringes_in", "weight"): 100,
        ("pickups", "park"): 1, ("pickups", "elsewhere"): 1,
    }  # fmt: skip


def test_what_may_be_released_is_capped_and_of_people_alone(site):
    counts = counted(
        site,
        record(GIVEN, {"lines": [line(quantity=14), line("needle_29g", 12)]}, when=WHEN),
        record(GIVEN, {"lines": [line(quantity=5)]}, when=WHEN),
        record(GIVEN, {"lines": [line(quantity=4)]}, when=WHEN),
        record(GIVEN, {"lines": [line(quantity=500)]}, when=WHEN),
        record(GIVEN, {"lines": [line(quantity=500)], "location_kind": "outreach"}, when=WHEN),
        record(GIVEN, {"lines": [line(quantity=500)], "partner": "shelter"}, when=WHEN),
    )
    assert counts["syringe_tens_out", "ALL"] == 3 + 1 + 0 + 9


def test_a_correction_and_a_void_change_the_day(site):
    first, second = (record(GIVEN, {"lines": [line()]}, when=WHEN) for _ in range(2))
    change = {"target": first["id"], "data": {"lines": [line(quantity=3)]}, "reason": "x"}
    counts = counted(
        site,
        first,
        second,
        record("record.corrected", change),
        record("record.voided", {"target": second["id"], "reason": "x"}),
    )
    assert (counts["handouts", "ALL"], counts["syringes_out", "ALL"]) == (1, 3)
