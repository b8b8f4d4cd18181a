"""Rows as the counting reads them, and those of the logbook."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sites.logbook.models import Breach, DrugCheck, Incident, ServiceGiven
from sites.places.models import Site


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
