"""An overdose as it is told through its pages."""

from datetime import timedelta

from django.utils import timezone

from sites.overdoses.models import OverdoseEvent
from tests.factories import record, ref, send
from tests.overdoses.story import Shelf

ANSWERS = {
    "presentation": "opioid_resp_depression",
    "outcome": "recov",
    "ems_called": "no",
    "endpoint_rr": "14",
    "endpoint_spo2_na": "1",
    "endpoint_awake": "yes",
}


def begin(client, **more) -> OverdoseEvent:
    answer = client.post("/overdoses/start", {"event": ref(), "record_id": ref(), **more})
    assert answer.status_code == 302, answer.content
    return OverdoseEvent.objects.get(ref=answer["Location"].split("/")[-2])


def url(event, what: str = "") -> str:
    return f"/overdoses/{event.ref}/{what}"


def tap(client, event, step: str, **more):
    return client.post(url(event, "steps"), {"record_id": ref(), "step": step, **more})


def give(client, event, product="nal-in-4", **more):
    return client.post(url(event, "doses"), {"record_id": ref(), "product": product, **more})


def stocked(site, product="nal-in-4", quantity=5) -> Shelf:
    shelf = Shelf(product, expiry="2099-01")
    now = timezone.now() - timedelta(hours=1)
    send(site, record("naloxone.received", {**shelf.data, "quantity": quantity}, when=now))
    return shelf
