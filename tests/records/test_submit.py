from sites.records.models import Record
from sites.visits.models import Visit
from tests.factories import at, record, ref, send


def statuses(receipts):
    return [r.status for r in receipts]


def test_a_visit_goes_from_arrival_to_departure(site):
    visit = ref()
    receipts = send(
        site,
        record("visit.arrived", {"visit": visit, "handle": "RIVE7"}, when=at("2026-11-20 20:00")),
        record(
            "visit.assessed",
            {"visit": visit, "substances": ["fentanyl"], "route": "inj_iv"},
            when=at("2026-11-20 20:01"),
        ),
        record("visit.seated", {"visit": visit, "booth": "3"}, when=at("2026-11-20 20:05")),
        record(
            "consumption.recorded",
            {"visit": visit, "substances": ["fentanyl"], "route": "inj_iv"},
            when=at("2026-11-20 20:06"),
        ),
        record("visit.aftercare", {"visit": visit}, when=at("2026-11-20 20:30")),
        record("visit.closed", {"visit": visit, "discharge_to": "street"}, when=at("2026-11-20 20:50")),
    )
    assert statuses(receipts) == ["created"] * 6, receipts
    row = Visit.objects.get(ref=visit)
    assert (row.state, row.discharge_to, row.consumed, row.handle_code) == (
        "closed",
        "street",
        True,
        None,
    )


def test_the_same_record_twice_is_one_fact(site):
    sent = record("visit.arrived", {"visit": ref()})
    assert statuses(send(site, sent, sent)) == ["created", "duplicate"]
    assert statuses(send(site, sent)) == ["duplicate"]
    assert Record.objects.count() == 1


def test_other_content_under_the_same_id_is_a_conflict_each_time(site):
    sent = record("visit.arrived", {"visit": ref()})
    other = {**sent, "data": {"visit": ref()}}
    assert statuses(send(site, sent, other, other)) == ["created", "conflict", "conflict"]
    assert Record.objects.count() == 2


def test_a_record_waits_for_its_visit(site):
    visit = ref()
    seated = record("visit.seated", {"visit": visit, "booth": "1"}, when=at("2026-11-20 20:05"))
    assert statuses(send(site, seated)) == ["held"]
    assert statuses(send(site, record("visit.arrived", {"visit": visit}, when=at("2026-11-20 20:00")))) == [
        "created"
    ]
    assert Record.objects.get(record_id=seated["id"]).status == "created"
    assert Visit.objects.get(ref=visit).booth.label == "1"


def test_a_taken_seat_is_a_conflict_that_names_a_free_one(site):
    first, second = ref(), ref()
    receipts = send(
        site,
        record("visit.arrived", {"visit": first}, when=at("2026-11-20 20:00")),
        record("visit.seated", {"visit": first, "booth": "1"}, when=at("2026-11-20 20:01")),
        record("visit.arrived", {"visit": second}, when=at("2026-11-20 20:02")),
        record("visit.seated", {"visit": second, "booth": "1"}, when=at("2026-11-20 20:03")),
    )
    assert statuses(receipts) == ["created", "created", "created", "conflict"]
    assert "2" in receipts[3].errors["booth"][0]["message"]
