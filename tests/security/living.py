"""A site in the middle of its work, with reports of the days before, and its people signed in and sure."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.test import Client
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.indicators.tasks import count_days
from sites.people.models import Staff
from sites.records.models import Record
from sites.reports.tasks import build_reports
from tests.factories import make_staff, record, ref, send, sure
from tests.security.places import Place, make_places

# Between them they hold every permission; each page is opened by the first who may.
WHO = ("manager", "privacy_officer", "sysadmin", "shift_lead", "ph_reader")
ANSWERS = {
    "presentation": "opioid_resp_depression", "outcome": "recov", "ems_called": "no", "endpoint_rr": "14",
    "endpoint_spo2": "not_assessed", "endpoint_awake": "yes",
}  # fmt: skip


@dataclass(frozen=True)
class Living:
    place: Place
    other: Place

    @cached_property
    def people(self) -> dict[str, Client]:
        return {role: self._signed_in(role, f"w-{role}") for role in WHO}

    def newcomers(self) -> dict[str, Client]:
        """The same roles anew: what was posted before may have put out whoever posted it."""
        number = Staff.objects.count()
        return {role: self._signed_in(role, f"w{number}-{role}") for role in WHO}

    @cached_property
    def tablet(self) -> Client:
        return Client(raise_request_exception=False, headers={"Authorization": f"Device {self.place.token}"})

    def _signed_in(self, role: str, code: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(make_staff(code, self.place.site, role))
        return sure(client)

    def opens(self, route: dict) -> Client:
        """Someone who may open an address."""
        if route["permission"] == "device":
            return self.tablet
        return next((self.people[role] for role in WHO if role in route["roles"]), Client())


def make_living() -> Living:
    here, there = make_places(["S01", "S02"]).values()
    _of_the_days_before(here)
    count_days()
    build_reports()
    return Living(here, there)


def _of_the_days_before(place: Place) -> None:
    by = f"{place.site.code.lower()}-01"
    for days in (2, 3):
        visit, event, lot = ref(), ref(), ref()
        at = timezone.now() - timedelta(days=days)
        told = [
            ("visit.arrived", {"visit": visit}),
            ("visit.seated", {"visit": visit, "booth": "2"}),
            ("consumption.recorded", {"visit": visit, "substances": ["fentanyl"], "route": "inj_iv"}),
            ("overdose.opened", {"event": event, "location": "booth", "visit": visit}),
            ("overdose.step", {"event": event, "step": "oxygen_start"}),
            ("overdose.closed", {"event": event, **ANSWERS}),
            ("visit.closed", {"visit": visit, "discharge_to": "street"}),
            (
                "naloxone.received",
                {"lot": lot, "product": "nal-in-4", "lot_code": "A", "expiry": "2030-01", "quantity": 9},
            ),
        ]
        sent = [
            record(kind, data, when=at + timedelta(minutes=n), by=by) for n, (kind, data) in enumerate(told)
        ]
        send(place.site, *sent)
    with acting(sites=[place.site.pk]):
        assert not Record.objects.at(place.site).exclude(status__in=["created", "conflict"]).exists()
