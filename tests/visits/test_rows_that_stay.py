"""A record writes anew only the rows that it changes: the others keep their place."""

from datetime import timedelta

from sites.records.services import Sender, submit
from sites.visits.models import BoothStay, Consumption, Visit
from tests.factories import at, record, ref

BEGINS = at("2026-11-20 20:00")
USED = {"substances": ["fentanyl"], "route": "inj_iv"}


def rows(site) -> tuple[list, list]:
    stays = BoothStay.objects.at(site).order_by("during").values_list("pk", "during")
    return list(stays), list(Consumption.objects.at(site).order_by("at").values_list("pk", "route"))


def test_what_a_record_does_not_change_stays(site):
    visit, sender = ref(), Sender(staff="s01-01")

    def tell(minute: int, kind: str, **data):
        told = record(kind, {"visit": visit, **data}, when=BEGINS + timedelta(minutes=minute))
        (receipt,) = submit(site=site, records=[told], sender=sender, one_by_one=False)
        assert receipt.status == "created", receipt
        return told["id"]

    tell(0, "visit.arrived")
    tell(1, "visit.assessed", **USED)
    tell(2, "visit.seated", booth="1")
    used = tell(3, "consumption.recorded", **USED)
    stays, consumptions = rows(site)
    tell(4, "visit.checked")
    assert rows(site) == (stays, consumptions)
    tell(5, "visit.aftercare")
    ((_pk, during),), after = rows(site)
    assert during.upper == BEGINS + timedelta(minutes=5)
    assert after == consumptions
    ended = rows(site)[0]
    changed = {"target": used, "data": {"route": "inj_im"}, "reason": "erreur"}
    correction = record("record.corrected", changed, when=BEGINS + timedelta(minutes=6))
    submit(site=site, records=[correction], sender=sender, one_by_one=False)
    stays_then, ((_pk, route),) = rows(site)
    assert (stays_then, route) == (ended, "inj_im")
    assert Visit.objects.get(ref=visit).route == "inj_im"
