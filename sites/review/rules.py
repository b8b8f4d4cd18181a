"""What is odd about a service day: each rule reads the days' rows and yields what it found.

Nothing is refused for being odd; a person reads it again. Limits are the site's own (`terms.LIMITS`).
"""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db.models import Exists, F, OuterRef, Q, Subquery

from sites.codes.queries import values
from sites.indicators.plausibility import oddities
from sites.naloxone.models import KitGiven
from sites.overdoses.models import OverdoseEvent, ResponseStep
from sites.overdoses.terms import odd
from sites.places.models import Site
from sites.places.queries import day_bounds
from sites.records.forms import ANY_VALUE
from sites.records.models import Record
from sites.records.queries import imported
from sites.records.stories import CORRECTED, VOIDED
from sites.records.terms import CLOCK_FLAG, IMPORT_FLAG, PAPER_FLAG, SKEW_FLAG, UNSURE_FLAG, Status
from sites.review.models import ReviewLimit
from sites.review.terms import LIMITS, K
from sites.supplies.models import SupplyLine
from sites.supplies.terms import COUNTED, MANY_PEOPLE, Direction
from sites.visits.models import TurnAway, Visit
from sites.visits.terms import VisitState

Days = Collection[date]
Limits = Mapping[str, int]
NAMESPACE = uuid.UUID("018f2a70-5c5e-7000-8000-5c5e00000007")
# Of a day that was already reported; the minutes of a busy closing are not late.
AFTER_REPORT = timedelta(hours=2)


@dataclass(frozen=True)
class Found:
    """One thing to read again. `said` is what is odd about it, as a person confirms it."""

    kind: str
    rule: str
    ref: uuid.UUID
    at: datetime
    day: date
    subject: uuid.UUID | None = None
    said: dict = field(default_factory=dict)


Rule = Callable[[Site, Days, Limits], Iterator[Found]]


def limits_of(site: Site) -> dict[str, int]:
    told = dict(ReviewLimit.objects.at(site).values_list("code", "value"))
    return {code: told.get(code, limit.usual) for code, limit in LIMITS.items()}


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


# --- Visits -----------------------------------------------------------------------------
def _visits(site: Site, days: Days, limits: Limits) -> Iterator[Found]:
    """Longer than anyone stays, or closed as soon as opened, which a past register leaves unsaid."""
    long, short = timedelta(hours=limits["visit_hours"]), timedelta(minutes=limits["visit_minutes"])
    ended = Visit.objects.at(site).filter(service_date__in=days, ended_at__isnull=False)
    lasting = ended.annotate(lasted=F("ended_at") - F("arrived_at"))
    brief = Q(lasted__lt=short, state=VisitState.CLOSED) & ~Q(imported("subject", "ref"))
    for visit in lasting.filter(Q(lasted__gt=long) | brief):
        rule = "visit_long" if visit.lasted > long else "visit_short"
        said = {"minutes": _minutes(visit.lasted)}
        yield Found(K.IMPLAUSIBLE, rule, visit.ref, visit.arrived_at, visit.service_date, visit.ref, said)


def _ages(site: Site, days: Days, limits: Limits) -> Iterator[Found]:
    """Someone known again who became younger, or ten years older at once."""
    order = [code for code in values("age_band") if code != "unk"]
    told = Visit.objects.at(site).filter(client__isnull=False, age_band__in=order)
    before = told.filter(client=OuterRef("client"), arrived_at__lt=OuterRef("arrived_at"))
    again = told.filter(service_date__in=days).annotate(
        before=Subquery(before.order_by("-arrived_at").values("age_band")[:1])
    )
    for visit in again.filter(before__isnull=False).exclude(age_band=F("before")):
        if order.index(visit.age_band) - order.index(visit.before) != 1:
            said = {"age": visit.age_band, "before": visit.before}
            yield Found(
                K.IMPLAUSIBLE, "age", visit.ref, visit.arrived_at, visit.service_date, visit.ref, said
            )


def _turn_aways(site: Site, days: Days, limits: Limits) -> Iterator[Found]:
    many = TurnAway.objects.at(site).filter(service_date__in=days, count__gt=limits["turned_away"])
    for row in many.exclude(imported("record_id", "record_id")):
        yield Found(
            K.IMPLAUSIBLE, "turned_away", row.record_id, row.at, row.service_date, row.record_id,
            {"n": row.count},
        )  # fmt: skip


# --- Overdoses --------------------------------------------------------------------------
def _doses(site: Site, days: Days, limits: Limits) -> Iterator[Found]:
    events = OverdoseEvent.objects.at(site).filter(service_date__in=days)
    for event in events.filter(Q(doses__gt=limits["doses"]) | Q(mg_staff__gt=limits["dose_mg"])):
        said = {"n": event.doses, "mg": str(event.mg_staff)}
        yield Found(K.IMPLAUSIBLE, "doses", event.ref, event.opened_at, event.service_date, event.ref, said)


def _measures(site: Site, days: Days, limits: Limits) -> Iterator[Found]:
    """Vital signs that are hardly ever read (overdoses.terms.PLAUSIBLE)."""
    steps = ResponseStep.objects.at(site).filter(event__service_date__in=days).exclude(measure="")
    for step in steps.select_related("event"):
        if odd(step.measure, step.value):
            said = {"measure": step.measure, "value": str(step.value)}
            yield Found(
                K.IMPLAUSIBLE, "measure", step.record_id, step.at, step.event.service_date, step.event.ref,
                said,
            )  # fmt: skip


def _close_together(site: Site, days: Days, limits: Limits) -> Iterator[Found]:
    """Two events opened almost at once may be one, told on two tablets."""
    events = OverdoseEvent.objects.at(site).filter(service_date__in=days).order_by("opened_at", "id")
    events = events.exclude(imported("subject", "ref"))
    for first, second in pairwise(events):
        apart = second.opened_at - first.opened_at
        if apart < timedelta(seconds=limits["overdoses_s"]):
            said = {"seconds": int(apart.total_seconds()), "other": str(first.ref)}
            yield Found(
                K.IMPLAUSIBLE, "two_events", second.ref, second.opened_at, second.service_date, second.ref,
                said,
            )  # fmt: skip


def _endpoints(site: Site, days: Days, limits: Limits) -> Iterator[Found]:
    """Closed events of which nobody said how the person was at the end; imported ones never say."""
    closed = OverdoseEvent.objects.at(site).filter(
        service_date__in=days, closed_at__isnull=False, endpoint_rr__in=("", ANY_VALUE),
        endpoint_spo2__in=("", ANY_VALUE), endpoint_awake__in=("", ANY_VALUE),
    )  # fmt: skip
    for event in closed.exclude(imported("subject", "ref")):
        yield Found(K.NO_ENDPOINT, "", event.ref, event.opened_at, event.service_date, event.ref)


# --- The counter ------------------------------------------------------------------------
def _kits(site: Site, days: Days, limits: Limits) -> Iterator[Found]:
    """One hand-out may be several rows, of several lots; each says its own number. Not a past day’s tally."""
    given = KitGiven.objects.at(site).filter(service_date__in=days, count__gt=limits["kits"])
    given = given.exclude(imported("record_id", "record_id"))
    for row in {row.record_id: row for row in given}.values():
        yield Found(
            K.IMPLAUSIBLE, "kits", row.record_id, row.at, row.service_date, row.record_id, {"n": row.count}
        )


def _items(site: Site, days: Days, limits: Limits) -> Iterator[Found]:
    """To one person: what leaves with a partner or a round is large by nature, so is a past day’s tally."""
    lines = SupplyLine.objects.at(site).filter(
        service_date__in=days, direction=Direction.OUT, method=COUNTED, quantity__gt=limits["items"]
    )
    of_one = lines.exclude(act__location_kind__in=MANY_PEOPLE).exclude(
        imported("record_id", "act__record_id")
    )
    of_one = of_one.select_related("act").order_by("id")
    for line in {line.act.record_id: line for line in of_one}.values():
        said = {"n": line.quantity, "item": line.item}
        record_id = line.act.record_id
        yield Found(K.IMPLAUSIBLE, "items", record_id, line.act.at, line.service_date, record_id, said)


# --- The day's own numbers, and when things were typed ----------------------------------
def _numbers(site: Site, days: Days, limits: Limits) -> Iterator[Found]:
    for one in oddities(site, days):
        ref = uuid.uuid5(NAMESPACE, f"{one.day}|{one.code}")
        said = {"code": one.code, "low": str(one.low), "high": str(one.high), "value": str(one.value)}
        yield Found(K.IMPLAUSIBLE, "number", ref, day_bounds(site, one.day)[0], one.day, said=said)


def _late(site: Site, days: Days, limits: Limits) -> Iterator[Found]:
    """Typed long after the fact, or after the day was reported: once a day. A past register always is."""
    voided = Record.objects.at(site).filter(target=OuterRef("record_id"), kind=VOIDED, status=Status.CREATED)
    told = Record.objects.at(site).filter(service_date__in=days, status=Status.CREATED)
    told = told.exclude(flags__contains=[IMPORT_FLAG])
    late = told.filter(entered_at__gt=F("occurred_at") + AFTER_REPORT)
    groups: dict[date, list[Record]] = {}
    longest = timedelta(hours=limits["late_hours"])
    for row in late.exclude(kind__in=(CORRECTED, VOIDED)).filter(~Exists(voided)).order_by("occurred_at"):
        reported = row.entered_at > day_bounds(site, row.service_date)[1] and PAPER_FLAG not in row.flags
        if reported or row.entered_at - row.occurred_at > longest:
            groups.setdefault(row.service_date, []).append(row)
    for day, rows in groups.items():
        hours = max(row.entered_at - row.occurred_at for row in rows) // timedelta(hours=1)
        ref = uuid.uuid5(NAMESPACE, f"{day}|late")
        said = {"n": len(rows), "people": len({row.by for row in rows}), "hours": hours}
        yield Found(K.BACKDATED, "", ref, rows[0].occurred_at, day, said=said)


def _clocks(site: Site, days: Days, limits: Limits) -> Iterator[Found]:
    """Tablets whose own clock was off, once a day and tablet; `minutes` is positive when it was ahead."""
    flagged = Record.objects.at(site).filter(
        service_date__in=days, flags__overlap=[SKEW_FLAG, CLOCK_FLAG, UNSURE_FLAG]
    )
    groups: dict[tuple[date, str], list[Record]] = {}
    for row in flagged.order_by("occurred_at"):
        if UNSURE_FLAG in row.flags or abs(_off(row)) > limits["clock_minutes"]:
            groups.setdefault((row.service_date, row.device), []).append(row)
    for (day, device), rows in groups.items():
        ref = uuid.uuid5(NAMESPACE, f"{day}|clock|{device}")
        off = max((_off(row) for row in rows), key=abs)
        said = {"n": len(rows), "device": device, "minutes": off}
        yield Found(K.CLOCK, "", ref, rows[0].occurred_at, day, said=said)


def _off(row: Record) -> int:
    return round((row.sent_occurred_at - row.occurred_at).total_seconds() / 60)


RULES: tuple[Rule, ...] = (
    _visits, _ages, _turn_aways, _doses, _measures, _close_together, _endpoints, _kits, _items, _numbers,
    _late, _clocks,
)  # fmt: skip
