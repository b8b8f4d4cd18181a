"""What the logbook's rows are counted from."""

from dataclasses import dataclass
from datetime import date


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
