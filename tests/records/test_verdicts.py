"""What becomes of each record: the six statuses of the public contract."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from sites.people.devices import enrol
from sites.places.models import Booth, DirtyMark
from sites.records.models import Record
from sites.records.services import Sender, submit
from sites.visits.models import BoothStay, TurnAway, Visit
from tests.factories import at, make_staff, record, ref, send


def one(site, *records):
    return send(site, *records)[-1]


def arrived(visit, when="2026-11-20 20:00", **data):
    return record("visit.arrived", {"visit": visit, **data}, when=at(when))


def test_an_unknown_kind_is_invalid_and_kept(site):
    receipt = one(site, record("visit.flown", {"visit": ref()}))
    assert receipt.status == "invalid"
    assert receipt.errors["kind"][0]["code"] == "unknown"
    assert Record.objects.get().status == "invalid"


def test_unknown_keys_are_refused_by_name_and_their_values_not_kept(site):
    receipt = one(site, record("visit.arrived", {"visit": ref(), "first_name": "Marguerite"}))
    assert receipt.status == "invalid"
    assert receipt.errors["first_name"][0]["code"] == "unknown"
    assert "Marguerite" not in str(Record.objects.values().get())


@pytest.mark.parametrize(
    "data",
    [
        {"Handle": "RIVE7"},
        {"HANDLE ": ["RIVE7"]},
        {"handle": {"deep": {"handle": "RIVE7"}}},
        {"gender": {"handle": "RIVE7"}},
        {"handle": 7777001},
    ],
)
@pytest.mark.parametrize("kind", ["visit.arrived", "visit.flown", "turnaway.recorded", "record.voided"])
def test_no_handle_is_ever_stored_in_clear(site, kind, data):
    one(site, record(kind, {"visit": ref(), **data}))
    stored = str(list(Record.objects.values())) + str(list(Visit.objects.values()))
    assert "RIVE7" not in stored
    assert "7777001" not in stored


def test_an_invalid_record_mended_under_the_same_id_is_judged_afresh(site):
    bad = record("turnaway.recorded", {"reason": "full", "count": "trois"})
    assert one(site, bad).status == "invalid"
    assert one(site, bad).status == "duplicate"
    assert one(site, {**bad, "data": {"reason": "full", "count": 3}}).status == "created"
    assert TurnAway.objects.get().count == 3
    assert Record.objects.count() == 1


def test_a_bad_record_does_not_block_its_neighbours(site):
    visit = ref()
    receipts = send(site, arrived(visit), "nonsense", {"id": 5}, record("visit.checked", {"visit": visit}))
    assert [r.status for r in receipts] == ["created", "invalid", "invalid", "created"]


def test_an_unknown_author_is_set_aside_and_none_is_to_be_confirmed(site, other_site):
    assert one(site, record("visit.arrived", {"visit": ref()}, by="personne")).status == "quarantined"
    assert one(site, record("visit.arrived", {"visit": ref()}, by="s02-01")).status == "quarantined"
    assert one(site, record("visit.arrived", {"visit": ref()}, by=None)).status == "created"
    assert Record.objects.filter(status="created").get().flags == ["to_confirm"]


def test_someone_who_left_can_no_longer_be_an_author(site):
    staff = make_staff("s01-09", site)
    staff.is_active = False
    staff.save()
    assert one(site, record("visit.arrived", {"visit": ref()}, by="s01-09")).status == "quarantined"


def test_another_sites_visit_looks_the_same_as_none(site, other_site):
    theirs = ref()
    send(other_site, {**arrived(theirs), "by": "s02-01"})
    foreign = one(site, record("visit.checked", {"visit": theirs}))
    random = one(site, record("visit.checked", {"visit": ref()}))
    assert (foreign.status, foreign.errors) == (random.status, random.errors) == ("held", {})


def test_the_same_ids_may_be_used_at_two_sites(site, other_site):
    sent = arrived(ref())
    assert one(site, sent).status == "created"
    assert send(other_site, {**sent, "by": "s02-01"})[0].status == "created"


def test_a_route_the_booth_does_not_allow_is_invalid(site):
    visit = ref()
    receipt = one(
        site,
        arrived(visit),
        record(
            "visit.assessed",
            {"visit": visit, "substances": ["crack"], "route": "inh_smoke"},
            when=at("2026-11-20 20:01"),
        ),
        record("visit.seated", {"visit": visit, "booth": "1"}, when=at("2026-11-20 20:02")),
    )
    assert receipt.status == "invalid"
    assert receipt.errors["booth"][0]["code"] == "route"


def test_closing_twice_is_a_conflict_and_a_late_earlier_step_is_not(site):
    visit = ref()
    close = record("visit.closed", {"visit": visit, "discharge_to": "street"}, when=at("2026-11-20 21:00"))
    again = record("visit.closed", {"visit": visit, "discharge_to": "home"}, when=at("2026-11-20 20:55"))
    late = record("visit.seated", {"visit": visit, "booth": "1"}, when=at("2026-11-20 20:10"))
    after = record("visit.checked", {"visit": visit}, when=at("2026-11-20 21:05"))
    statuses = [r.status for r in send(site, arrived(visit), close, again, late, after)]
    assert statuses == ["created", "created", "conflict", "created", "conflict"]
    assert Visit.objects.get().seated_at == at("2026-11-20 20:10")


def test_a_seat_is_judged_at_the_time_of_the_record(site):
    """Someone else sat there later: the late record is true to its time, and the stay ends by then."""
    early, late = ref(), ref()
    receipts = send(
        site,
        arrived(early, "2026-11-20 19:00"),
        arrived(late, "2026-11-20 20:00"),
        record("visit.seated", {"visit": late, "booth": "1"}, when=at("2026-11-20 20:10")),
        record("visit.seated", {"visit": early, "booth": "1"}, when=at("2026-11-20 19:10")),
    )
    assert [r.status for r in receipts] == ["created"] * 4
    spans = {s.visit.ref: s.during for s in BoothStay.objects.select_related("visit")}
    assert spans[uuid.UUID(early)].upper == at("2026-11-20 20:10")
    assert spans[uuid.UUID(late)].upper is None


def test_a_time_ahead_is_put_on_our_clock_and_flagged(site):
    receipt = one(site, record("visit.arrived", {"visit": ref()}, when=timezone.now() + timedelta(hours=26)))
    assert receipt.status == "created"
    stored = Record.objects.get()
    assert stored.occurred_at == stored.received_at < stored.sent_occurred_at
    assert stored.flags == ["clock_ahead"]


def test_the_age_of_a_record_mends_a_wrong_clock(site):
    one(site, record("visit.arrived", {"visit": ref()}, when=at("1971-01-01 00:00"), age_s=600))
    stored = Record.objects.get()
    assert stored.received_at - stored.occurred_at == timedelta(seconds=600)


def test_a_correction_supersedes_and_keeps_the_first_record(site):
    visit = ref()
    first = arrived(visit, gender="f")
    fix = record(
        "record.corrected",
        {
            "target": first["id"],
            "reason": "erreur",
            "data": {"gender": "m", "occurred_at": "2026-11-20T19:30:00Z"},
        },
    )
    assert [r.status for r in send(site, first, fix)] == ["created", "created"]
    row = Visit.objects.get()
    assert (row.gender, row.arrived_at) == ("m", at("2026-11-20 19:30"))
    assert Record.objects.get(record_id=first["id"]).data["gender"] == "f"


def test_a_correction_is_validated_whole(site):
    sent = record("turnaway.recorded", {"reason": "full", "count": 2})
    bad = record("record.corrected", {"target": sent["id"], "reason": "x", "data": {"count": -1}})
    unknown = record("record.corrected", {"target": sent["id"], "reason": "x", "data": {"nombre": 1}})
    receipts = send(site, sent, bad, unknown)
    assert [r.status for r in receipts] == ["created", "invalid", "invalid"]
    assert "count" in receipts[1].errors
    assert "nombre" in receipts[2].errors


@pytest.mark.parametrize(
    "data", [{"prenom": "Marguerite"}, {"handle": "MARGUERITE"}, {"count": {"handle": "MARGUERITE"}}]
)
@pytest.mark.parametrize("target_is_here", [True, False])
def test_a_correction_keeps_no_value_of_an_unknown_key(site, data, target_is_here):
    sent = record("turnaway.recorded", {"reason": "full", "count": 2})
    if target_is_here:
        send(site, sent)
    fix = record("record.corrected", {"target": sent["id"], "reason": "x", "data": data})
    assert one(site, fix).status == ("invalid" if target_is_here else "held")
    assert "marguerite" not in str(list(Record.objects.values())).lower()


def test_a_correction_may_come_before_what_it_corrects(site):
    sent = record("turnaway.recorded", {"reason": "full", "count": 2})
    fix = record("record.corrected", {"target": sent["id"], "reason": "x", "data": {"count": 3}})
    assert [r.status for r in send(site, fix, sent)] == ["held", "created"]
    assert TurnAway.objects.get().count == 3


def test_a_visit_with_later_records_is_voided_last(site):
    visit = ref()
    first, later = arrived(visit), record("visit.checked", {"visit": visit})
    send(site, first, later)
    receipt = one(site, record("record.voided", {"target": first["id"], "reason": "essai"}))
    assert receipt.status == "invalid"
    assert later["id"] in receipt.errors["target"][0]["message"]
    send(site, record("record.voided", {"target": later["id"], "reason": "essai"}))
    assert one(site, record("record.voided", {"target": first["id"], "reason": "essai"})).status == "created"
    assert not Visit.objects.exists()


def test_every_touched_day_is_marked_dirty(site):
    visit = ref()
    first = arrived(visit, "2026-11-20 20:00")
    send(site, first)
    DirtyMark.objects.all().delete()
    send(
        site,
        record(
            "record.corrected",
            {"target": first["id"], "reason": "x", "data": {"occurred_at": "2026-11-18T20:00:00Z"}},
            when=at("2026-11-21 20:00"),
        ),
    )
    days = {str(m.service_date) for m in DirtyMark.objects.all()}
    assert {"2026-11-18", "2026-11-20"} <= days


def test_a_revoked_tablets_records_are_quarantined(site):
    device, _token = enrol(site)
    device.revoked_at = timezone.now()
    receipts = submit(site=site, records=[arrived(ref())], sender=Sender(device=device))
    assert receipts[0].status == "quarantined"
    assert Record.objects.count() == 1
    assert not Visit.objects.exists()


def test_settling_and_mending_a_kept_record_counts_its_day_again(site):
    bad = record("turnaway.recorded", {"reason": "full", "count": "x"}, when=at("2026-11-18 20:00"))
    one(site, bad)
    DirtyMark.objects.all().delete()
    mended = {**bad, "occurred_at": "2026-11-19T20:00:00Z", "data": {"reason": "full", "count": 1}}
    assert one(site, mended).status == "created"
    assert {str(m.service_date) for m in DirtyMark.objects.all()} == {"2026-11-18", "2026-11-19"}


def test_an_old_visit_in_a_booth_since_taken_away_can_be_corrected(site):
    visit = ref()
    seat = record("visit.seated", {"visit": visit, "booth": "1"}, when=at("2026-11-20 20:05"))
    send(site, arrived(visit), seat)
    Booth.objects.at(site).filter(label="1").update(retired=True)
    fix = {"target": seat["id"], "reason": "x", "data": {"occurred_at": "2026-11-20T20:07:00Z"}}
    assert one(site, record("record.corrected", fix)).status == "created"
    assert (
        one(site, arrived(ref()), record("visit.seated", {"visit": visit, "booth": "1"})).status == "invalid"
    )
