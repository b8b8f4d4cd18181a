"""A site with a bit of everything, told at one moment; and a signed schedule."""

from datetime import UTC, datetime, timedelta

import time_machine

from harmreduction.pg.scope import acting
from sites.indicators.models import CountedSpan
from sites.places.queries import last_closed_day, service_date
from sites.retention.models import RetentionSchedule
from sites.retention.rules import RULES
from sites.retention.services import sign_schedule
from tests.factories import record, ref, send
from tests.logbook.told import of_the_logbook
from tests.overdoses.story import Event
from tests.shifts.told import of_a_shift

PLANTED_TEXT = "Mme Tremblay, 1234 rue Ontario"
PLANTED_SAMPLE = "PLANT-7731-ECH"
# Past every default period; and within all of them.
OLD = datetime.now(UTC).replace(hour=20, minute=0, second=0, microsecond=0) - timedelta(days=1190)
NEW = OLD + timedelta(days=1160)


def a_visit(when: datetime, *, handle: str = "", booth: str = "1") -> tuple[str, list[dict]]:
    one, later = ref(), when + timedelta(minutes=5)
    return one, [
        record("visit.arrived", {"visit": one} | ({"handle": handle} if handle else {}), when=when),
        record("visit.seated", {"visit": one, "booth": booth}, when=later),
        record("visit.closed", {"visit": one, "discharge_to": "street"}, when=later + timedelta(minutes=9)),
    ]


def an_overdose(when: datetime, visit: str) -> list[dict]:
    event = Event()
    told = [event.opened(0, visit=visit), event.step(1, "oxygen_start"), event.closed(9)]
    for minute, one in enumerate(told):
        one["occurred_at"] = one["entered_at"] = (when + timedelta(minutes=minute)).isoformat()
    return told


def everything(when: datetime, handle: str = "RIVE7") -> tuple[str, list[dict]]:
    """A visit of someone who agreed, and what else a day may hold; the visit first."""
    visit, told = a_visit(when, handle=handle, booth="1" if handle == "RIVE7" else "2")
    agreed = record("client.agreed", {"handle": handle, "version": "1", "language": "fr"}, when=when)
    sample = {"method": "ftir", "sample_id": PLANTED_SAMPLE, "visit": visit}
    more = [
        record("shift.remark", {"remark": ref(), "text": PLANTED_TEXT}, when=when),
        record("drugcheck.recorded", sample, when=when),
        record("turnaway.recorded", {"reason": "full", "count": 2}, when=when),
        record("visit.checked", {"visit": ref()}, when=when),
    ]
    return visit, [agreed, *told, *an_overdose(when, visit), *more]


def tell(site, when: datetime, handle: str = "RIVE7") -> str:
    """Send everything as if it were that day; the ref of the visit."""
    visit, told = everything(when, handle)
    with time_machine.travel(when + timedelta(minutes=30), tick=True):
        receipts = send(site, *told, *of_the_logbook(), *of_a_shift())
    assert {r.status for r in receipts} <= {"created", "held"}, [r for r in receipts if r.errors]
    return visit


def counted_through(site) -> None:
    """As if each day since had been counted when it closed: only what is marked is left to count."""
    with acting(sites=[site.pk]):
        span = {"first": service_date(site, OLD), "last": last_closed_day(site)}
        CountedSpan.objects.update_or_create(site=site, defaults=span)


def sign(site, **months) -> RetentionSchedule:
    periods = {rule.code: rule.months for rule in RULES} | months
    return sign_schedule(
        site.organisation, {"all": periods, "sites": {}}, by="s01-05", name="Dominique", function="PRP"
    )
