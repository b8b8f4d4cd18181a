"""What was corrected leaves the list; what is right is said so, and may be taken back."""

from datetime import timedelta

import pytest

from sites.records.models import Record
from sites.review.kinds import KINDS
from sites.review.models import Seen
from sites.review.queries import items
from sites.trail.models import TrailEntry
from tests.factories import at, record, ref, send
from tests.review.told import a_stay, closing, looked, odd, on, opened, waiting

pytestmark = pytest.mark.usefixtures("later")


def test_what_was_corrected_leaves_at_once_and_comes_back_when_it_is_still_odd(site, lead):
    arrived, left = a_stay(on("12:00"), on("12:00") + timedelta(hours=14))
    send(site, arrived, left)
    assert odd(site) == ["visit_long"]
    correction = {"day": "2026-11-20", "time": "10 h 00", "discharge_to": "home", "why": "heure précisée"}
    assert lead.post(f"/records/{left['id']}/correct", correction).status_code == 302
    assert waiting(site) == {}
    assert odd(site) == []
    assert Record.objects.get(record_id=left["id"]).occurred_at == on("12:00") + timedelta(hours=14)


def test_said_right_it_does_not_come_back_unless_it_changes(site, lead):
    arrived, left = a_stay(on("12:00"), on("12:00") + timedelta(hours=13))
    send(site, arrived, left)
    looked(site)
    (item,) = items(site, KINDS.values())
    assert "Visite de 13 h 00" in lead.get("/review/").text
    refused = lead.post("/review/right", {"item": item.key, "why": ""})
    assert refused.status_code == 422
    assert f'value="{item.key}" checked' in refused.text
    assert lead.post("/review/right", {"why": "rare, mais juste"}).status_code == 422
    assert lead.post("/review/right", {"item": item.key, "why": "rare, mais juste"}).status_code == 302
    assert waiting(site) == {}
    assert odd(site) == []
    assert "Visite de 13 h 00" in lead.get("/review/right/said/").text
    trail = TrailEntry.objects.get(action="said right")
    assert (trail.actor, trail.why, trail.about_id) == (
        "s01-07",
        "rare, mais juste",
        arrived["data"]["visit"],
    )
    longer = {
        "target": left["id"],
        "reason": "x",
        "data": {"occurred_at": at("2026-11-21 03:00").isoformat()},
    }
    send(site, record("record.corrected", longer))
    assert odd(site) == ["visit_long"]


def test_many_are_confirmed_at_once_and_taken_back_at_once(site, lead):
    for hour in (12, 13, 14):
        send(site, *a_stay(on(f"{hour}:00"), on(f"{hour}:00") + timedelta(hours=13)))
    looked(site)
    keys = [item.key for item in items(site, KINDS.values())]
    answer = lead.post("/review/right", {"item": keys, "why_text": "fête du quartier"}, follow=True)
    batch = Seen.objects.values_list("batch", flat=True).distinct().get()
    assert "3 confirmées justes." in answer.text
    assert f"/review/right/{batch}/back" in answer.text
    assert lead.post("/review/right", {"item": keys, "why": "x"}).status_code == 302
    assert Seen.objects.count() == 3
    lead.post(f"/review/right/{batch}/back")
    assert waiting(site) == {"implausible": 3}
    assert odd(site) == ["visit_long"] * 3
    assert lead.post(f"/review/right/{ref()}/back").status_code == 404


def test_a_dose_without_lot_may_be_right(site, lead):
    event = opened("20:00")
    dose = {"event": event["data"]["event"], "product": "nal-in-4", "route": "in", "dose_mg": "4",
            "given_by": "staff_nurse"}  # fmt: skip
    send(site, event, record("overdose.dose", dose, when=on("20:01")), closing(dose["event"], "20:30"))
    (item,) = items(site, KINDS.values())
    assert item.kind == "no_lot"
    assert f"/overdoses/{dose['event']}/records/{item.ref}/" in lead.get("/review/").text
    lead.post("/review/right", {"item": item.key, "why": "rare, mais juste"})
    assert waiting(site) == {}


def test_what_cannot_be_right_is_not_said_so(site, lead):
    send(site, record("visit.arrived", {"visit": ref()}, when=on("20:00")))
    (item,) = items(site, KINDS.values())
    lead.post("/review/right", {"item": item.key, "why": "x"})
    assert not Seen.objects.exists()
    assert waiting(site) == {"visit": 1}
