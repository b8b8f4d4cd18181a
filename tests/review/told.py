"""What the tests of the review list tell a site, on one day."""

from datetime import date

from sites.indicators.services import recount_due
from sites.review.kinds import KINDS
from sites.review.looking import look_due
from sites.review.queries import counts, items
from tests.factories import at, record, ref

NOW = at("2026-11-22 15:00")
DAY = date(2026, 11, 20)


def on(clock: str) -> object:
    return at(f"2026-11-20 {clock}")


def looked(site) -> None:
    """As the tick does it."""
    recount_due()
    look_due()


def waiting(site) -> dict[str, int]:
    return counts(site, KINDS.values())


def odd(site) -> list[str]:
    looked(site)
    return sorted(item.rule or item.kind for item in items(site, KINDS.values()))


def a_stay(arrived, left) -> list[dict]:
    visit = ref()
    return [
        record("visit.arrived", {"visit": visit}, when=arrived),
        record("visit.closed", {"visit": visit, "discharge_to": "home"}, when=left),
    ]


def opened(clock: str, **more) -> dict:
    return record("overdose.opened", {"event": ref(), "location": "booth"} | more, when=on(clock))


def closing(event: str, clock: str, **more) -> dict:
    data = {
        "event": event, "presentation": "mixed", "outcome": "recov", "ems_called": "no",
        "endpoint_rr": "12", "endpoint_spo2": "97", "endpoint_awake": "yes",
    } | more  # fmt: skip
    return record("overdose.closed", data, when=on(clock))
