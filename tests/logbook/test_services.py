"""Services, drug checks, incidents and what was left behind, folded from their records."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sites.logbook.models import Breach, DrugCheck, Incident, LeftBehind, ServiceGiven
from tests.factories import make_staff, record, ref, send

OPENED = {"location": "booth"}


def told(site, kind, data, **more):
    sent = record(kind, data, **more)
    (receipt,) = send(site, sent)
    return sent["id"], receipt


def test_a_service_keeps_where_it_was_given(site):
    visit = ref()
    data = {
        "kind": "stbbi_test",
        "placement": "in_scs",
        "details": ["test_hiv", "test_hcv"],
        "accepted": True,
    }
    _id, receipt = told(site, "service.recorded", data | {"visit": visit})
    assert receipt.status == "created"
    row = ServiceGiven.objects.at(site).get()
    assert (row.kind, row.placement, row.details) == ("stbbi_test", "in_scs", ["test_hiv", "test_hcv"])
    assert (row.accepted, row.completed, row.count, str(row.visit_ref)) == (True, None, 1, visit)


def test_a_service_is_corrected_and_taken_back(site):
    service, _receipt = told(site, "service.recorded", {"kind": "wound", "placement": "in_scs"})
    changed = {"target": service, "data": {"placement": "offsite", "count": 3}, "reason": "mauvaise case"}
    assert told(site, "record.corrected", changed)[1].status == "created"
    row = ServiceGiven.objects.at(site).get()
    assert (row.placement, row.count) == ("offsite", 3)
    told(site, "record.voided", {"target": service, "reason": "double"})
    assert not ServiceGiven.objects.at(site).exists()


TWO = {"method": "strip_fentanyl", "detected": ["fentanyl", "xylazine"]}
CAFFEINE = {"method": "strip_fentanyl", "also_detected": ["caffeine"]}
LONG_AGO = {"code": "threats", "action": "verbal", "until": "2001-01-01"}


@pytest.mark.parametrize(
    ("kind", "data", "field", "code"),
    [
        ("service", {"kind": "wound", "placement": "in_scs", "details": ["test_hiv"]}, "details", "group"),
        ("service", {"kind": "wound"}, "placement", "required"),
        ("drugcheck", TWO, "detected", "strip"),
        ("drugcheck", CAFFEINE, "detected", "strip"),
        ("breach", {"code": "threats", "action": "suspended"}, "until", "required"),
        ("breach", LONG_AGO, "until", "range"),
        ("leftbehind", {"step": "found"}, "left", "required"),
        ("leftbehind", {"left": ref(), "step": "sealed"}, "seal_no", "required"),
    ],
)
def test_what_is_missing_or_cannot_be_is_said_by_field(site, kind, data, field, code):
    _id, receipt = told(site, f"{kind}.recorded", data)
    assert receipt.status == "invalid"
    assert [error["code"] for error in receipt.errors[field]] == [code]


@pytest.mark.parametrize(
    ("expected", "detected", "said", "unexpected"),
    [
        (["heroin"], ["heroin", "xylazine"], None, True),
        (["heroin"], ["heroin"], None, False),
        (["heroin"], [], None, False),
        ([], ["xylazine"], None, None),
        (["unknown"], ["xylazine"], None, None),
        (["heroin"], ["heroin"], True, True),
        (["heroin"], ["xylazine"], False, False),
    ],
)
def test_unexpected_is_as_said_else_what_nobody_expected(site, expected, detected, said, unexpected):
    data = {"method": "ftir", "expected": expected, "detected": detected, "sample": "returned"}
    told(site, "drugcheck.recorded", data | ({"unexpected": said} if said is not None else {}))
    assert DrugCheck.objects.at(site).get().unexpected is unexpected


def test_an_incident_comes_in_any_order_and_ends(site):
    incident, hour_ago = ref(), timezone.now() - timedelta(hours=1)
    notice = {"incident": incident, "authority": "workplace_safety", "reference": "A-1"}
    assert told(site, "incident.notified", notice)[1].status == "held"
    assert told(site, "incident.closed", {"incident": incident, "notes": "Suivi fait"})[1].status == "held"
    report = {"incident": incident, "kind": "needlestick", "location": "booth", "staff_hurt": True}
    assert told(site, "incident.recorded", report, when=hour_ago)[1].status == "created"
    row = Incident.objects.at(site).get()
    assert row.at < row.notified_at <= row.closed_at
    assert told(site, "incident.recorded", report)[1].status == "conflict"


def test_each_step_of_a_substance_left_behind_bears_two_names(site):
    make_staff("s01-02", site)
    item, clock = ref(), timezone.now() - timedelta(hours=1)
    first, _receipt = told(
        site, "leftbehind.recorded", {"left": item, "step": "found", "place": "Place 3"}, when=clock
    )
    same = told(site, "leftbehind.signed", {"left": item, "signs": first})[1]
    assert (same.status, list(same.errors)) == ("invalid", ["signs"])
    assert not LeftBehind.objects.at(site).get().signed
    assert told(site, "leftbehind.signed", {"left": item, "signs": first}, by="s01-02")[1].status == "created"
    assert LeftBehind.objects.at(site).get().signed
    sealed = {"left": item, "step": "sealed", "seal_no": "S-7"}
    second, _receipt = told(site, "leftbehind.recorded", sealed, when=clock + timedelta(minutes=5))
    row = LeftBehind.objects.at(site).get()
    assert (row.step, row.seal_no, row.place, row.signed) == ("sealed", "S-7", "Place 3", False)
    told(site, "leftbehind.signed", {"left": item, "signs": second}, by="s01-02")
    gone = {"left": item, "step": "handed_over", "handed_to": "Police"}
    told(site, "leftbehind.recorded", gone, when=clock + timedelta(minutes=9))
    assert told(site, "leftbehind.recorded", gone | {"step": "destroyed"})[1].status == "conflict"
    assert LeftBehind.objects.at(site).get().step == "handed_over"


def test_a_measure_ends_with_its_day(site):
    told(site, "breach.recorded", {"code": "insults", "action": "leave_today"})
    row = Breach.objects.at(site).get()
    assert row.until == row.service_date
