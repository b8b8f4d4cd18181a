"""Rows as the counting reads them: plain values of one service day each."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sites.logbook.models import Breach, DrugCheck, Incident, ServiceGiven
from sites.places.models import Site
from sites.visits.terms import VisitState


@dataclass(frozen=True, slots=True)
class VisitRow:
    day: date
    pk: int
    ref: uuid.UUID
    arrived_at: datetime
    state: str
    substances: list[str]
    route: str
    gender: str
    age_band: str
    seated_at: datetime | None
    consumed: bool
    handle_given: bool
    ended_at: datetime | None
    left_reason: str

    @property
    def used_the_service(self) -> bool:
        """Indicator 1: seated, or a consumption recorded."""
        return self.seated_at is not None or self.consumed

    @property
    def left_without_consuming(self) -> bool:
        return self.state == VisitState.LEFT


@dataclass(frozen=True, slots=True)
class StayRow:
    """One ended stay in a booth; its route is the visit's."""

    day: date
    route: str
    minutes: int


@dataclass(frozen=True, slots=True)
class ConsumptionRow:
    day: date
    at: datetime
    visit: int
    substances: list[str]
    route: str
    split_shared: bool
    peer_assisted: bool


@dataclass(frozen=True, slots=True)
class TurnAwayRow:
    day: date
    at: datetime
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class EventRow:
    day: date
    pk: int
    visit_ref: uuid.UUID | None
    opened_at: datetime
    location: str
    outside: bool
    presentation: str
    event_class: str
    outcome: str
    endpoint_rr: str
    endpoint_spo2: str
    endpoint_awake: str
    closed_at: datetime | None
    doses: int
    doses_staff: int
    oxygen: bool
    oxygen_after_s: int | None
    naloxone_after_s: int | None
    ems_calls: int
    reversal: bool


@dataclass(frozen=True, slots=True)
class DoseRow:
    day: date
    event: int
    product: str
    route: str
    dose_mg: Decimal


@dataclass(frozen=True, slots=True)
class StepRow:
    day: date
    event: int
    step: str
    choice: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SupplyActRow:
    day: date
    pk: int
    direction: str
    location_kind: str
    partner: str
    area: str


@dataclass(frozen=True, slots=True)
class SupplyLineRow:
    day: date
    act: int
    location_kind: str
    direction: str
    item: str
    method: str
    quantity: int
    syringes: int


@dataclass(frozen=True, slots=True)
class KitRow:
    day: date
    kit_kind: str
    form: str
    count: int
    doses: int
    trained: int
    recipient: str


@dataclass(frozen=True, slots=True)
class LossRow:
    day: date
    move: str
    doses: int


@dataclass(frozen=True, slots=True)
class ServiceRow:
    day: date
    kind: str
    placement: str
    accepted: bool | None
    count: int


@dataclass(frozen=True, slots=True)
class DrugCheckRow:
    day: date
    method: str
    unexpected: bool | None


@dataclass(frozen=True, slots=True)
class BreachRow:
    day: date
    code: str
    action: str


@dataclass(frozen=True, slots=True)
class IncidentRow:
    day: date
    kind: str


def read(queryset, row_class, **named: str) -> Iterable:
    """Rows of a class whose fields are the columns of the same name, or those named here."""
    columns = [named.get(name, name) for name in row_class.__slots__]
    return (row_class(*values) for values in queryset.order_by("pk").values_list(*columns))


def load_logbook(site: Site, loaded: Mapping) -> None:
    """Put each row with the facts of its day."""
    sources = (
        ("services", ServiceGiven, ServiceRow),
        ("drug_checks", DrugCheck, DrugCheckRow),
        ("breaches", Breach, BreachRow),
        ("incidents", Incident, IncidentRow),
    )
    for name, model, row_class in sources:
        rows = model.objects.at(site).filter(service_date__in=loaded)
        for row in read(rows, row_class, day="service_date"):
            getattr(loaded[row.day], name).append(row)
