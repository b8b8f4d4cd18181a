"""An overdose as a tablet tells it; minutes count from the touch on SURDOSE."""

import uuid
from datetime import date, timedelta

from sites.overdoses.models import OverdoseEvent
from sites.overdoses.protocol import enter
from tests.factories import at, record, ref

START = at("2026-11-20 20:00")


def when(minute: float):
    return START + timedelta(minutes=minute)


class Event:
    """Records about one event, each made by a short word."""

    def __init__(self):
        self.ref = ref()

    def opened(self, minute: float = 0, location: str = "booth", **data) -> dict:
        return self._record("overdose.opened", minute, location=location, **data)

    def step(self, minute: float, step: str, **data) -> dict:
        return self._record("overdose.step", minute, step=step, **data)

    def dose(self, minute: float, *, product="nal-in-4", mg="4", by="staff_nurse", **data) -> dict:
        route = data.pop("route", "in" if product == "nal-in-4" else "im")
        return self._record(
            "overdose.dose", minute, product=product, route=route, dose_mg=mg, given_by=by, **data
        )

    def closed(self, minute: float, **data) -> dict:
        answers = {
            "presentation": "opioid_resp_depression",
            "outcome": "recov",
            "ems_called": "no",
            "endpoint_rr": "14",
            "endpoint_spo2": "97",
            "endpoint_awake": "not_assessed",
        }
        return self._record("overdose.closed", minute, **answers | data)

    def row(self) -> OverdoseEvent:
        return OverdoseEvent.objects.get(ref=self.ref)

    def _record(self, kind: str, minute: float, **data) -> dict:
        return record(kind, {"event": self.ref, **data}, when=when(minute))


def make_protocol(site, **told):
    """A version of the site's protocol, as its manager enters it."""
    given = {"version": "2", "valid_from": date(2026, 3, 3), "director": "médecin responsable",
             "text_fr": "Stimuler, ventiler, oxygéner."}  # fmt: skip
    return enter(site, given | told, by="s01-05")


def voided(target: dict, minute: float = 60) -> dict:
    return record("record.voided", {"target": target["id"], "reason": "touché par erreur"}, when=when(minute))


def corrected(target: dict, minute: float = 60, **changes) -> dict:
    data = {"target": target["id"], "data": changes, "reason": "valeur précisée"}
    return record("record.corrected", data, when=when(minute))


class Shelf:
    """A lot as a tablet tells it."""

    def __init__(self, product="nal-in-4", lot_code="24-118", expiry="2027-09-30"):
        self.ref = ref()
        self.data = {"lot": self.ref, "product": product, "lot_code": lot_code, "expiry": expiry}

    def received(self, minute: float, quantity: int, **data) -> dict:
        return record("naloxone.received", {**self.data, "quantity": quantity, **data}, when=when(minute))

    def moved(self, minute: float, move: str, quantity: int) -> dict:
        data = {"lot": self.ref, "move": move, "quantity": quantity}
        return record("naloxone.moved", data, when=when(minute))

    def counted(self, minute: float, quantity: int) -> dict:
        return record("naloxone.counted", {"lot": self.ref, "quantity": quantity}, when=when(minute))

    @property
    def key(self) -> uuid.UUID:
        return uuid.UUID(self.ref)


def statuses(receipts) -> list[str]:
    return [str(receipt.status) for receipt in receipts]
