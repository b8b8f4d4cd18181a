"""What an overdose event's records add up to. Everything is suspected, and nothing here blocks a step."""

import math
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from sites.naloxone.ledger import Wanted, draw
from sites.naloxone.models import Product, StockMovement
from sites.naloxone.terms import Move
from sites.overdoses.models import NaloxoneDose, OverdoseEvent, ResponseStep
from sites.overdoses.terms import (
    ALIVE,
    OUTSIDE,
    OXYGEN,
    RESPONSE,
    RESPONSE_END,
    SITE_GIVERS,
    VENTILATION,
    EventClass,
    Severity,
    event_class,
)
from sites.places.models import Site
from sites.places.queries import service_date
from sites.records.errors import Conflict
from sites.records.models import Record
from sites.records.stories import Fact, Telling, story_of
from sites.visits.models import Visit

OPENED, STEP, DOSE, CLOSED = "overdose.opened", "overdose.step", "overdose.dose", "overdose.closed"


# --- Folding: records → event, no database ----------------------------------------------


@dataclass
class EventFold:
    """An overdose event as its records tell it."""

    opened: Telling
    steps: list[Telling] = field(default_factory=list)
    doses: list[Telling] = field(default_factory=list)
    closed: Telling | None = None
    after_closing: list[Telling] = field(default_factory=list)

    @property
    def recognised_at(self) -> datetime:
        seen = [t.occurred_at for t in self.steps if t.data["step"] == "recognised"]
        return min([self.opened.occurred_at, *seen])

    def after(self, tellings: Iterable[Telling]) -> int | None:
        """Seconds from recognition to the first of these; none when only an hour as rough as the event's own
        is known of it.
        """
        first = min((t.occurred_at for t in tellings if not self._untimed(t)), default=None)
        return None if first is None else max(0, int((first - self.recognised_at).total_seconds()))

    def _untimed(self, telling: Telling) -> bool:
        return bool(telling.data.get("estimated")) and telling.occurred_at == self.opened.occurred_at

    @property
    def step_codes(self) -> set[str]:
        return {t.data["step"] for t in self.steps}

    @property
    def staff_doses(self) -> list[Telling]:
        return [t for t in self.doses if t.data["given_by"] in SITE_GIVERS]

    @property
    def ems_calls(self) -> int:
        """Calls made, plus one when closing says that there was a call and no step says so."""
        calls = sum(t.data["step"] == "call_911" and t.data.get("choice") == "called" for t in self.steps)
        said = self.closed is not None and self.closed.data["ems_called"] == "yes"
        return calls or int(said)

    @property
    def ended_at(self) -> datetime | None:
        """When the response ended, the answers still to give; an event that is closed ended too."""
        told = [t.occurred_at for t in self.steps if t.data["step"] == RESPONSE_END]
        return max(told, default=self.closed.occurred_at if self.closed else None)

    @property
    def severity(self) -> Severity:
        codes = self.step_codes
        resedated = any(
            t.data["step"] == "observation_end" and t.data.get("choice") == "resedation" for t in self.steps
        )
        ladder = [
            (Severity.CPR, "cpr_aed" in codes),
            (Severity.MORE_DOSES, len(self.doses) >= 2 or resedated),
            (Severity.ONE_DOSE, bool(self.doses)),
            (Severity.VENTILATION, bool(codes & VENTILATION)),
            (Severity.OXYGEN, OXYGEN in codes),
            (Severity.STIMULATION, bool(codes & {"stimulation", "airway"})),
        ]
        return next((severity for severity, met in ladder if met), Severity.MONITORED)

    @property
    def reversal(self) -> bool:
        """A closed overdose that the site responded to, the person alive. Naloxone is not required."""
        if self.closed is None or event_class(self.closed.data["presentation"]) != EventClass.OVERDOSE:
            return False
        responded = bool(self.step_codes & RESPONSE) or bool(self.staff_doses)
        return responded and self.closed.data["outcome"] in ALIVE


def fold(tellings: list[Telling]) -> EventFold | None:
    """Read an event's records in order of happening. None when it was never opened.

    The first closing ends the event. What happened after it counts in nothing, whichever of the two
    came first, and is kept apart for a person.
    """
    opened = next((t for t in tellings if t.kind == OPENED), None)
    if opened is None:
        return None
    event = EventFold(opened)
    for telling in tellings:
        if event.closed:
            event.after_closing.append(telling)
        elif telling.kind == STEP:
            event.steps.append(telling)
        elif telling.kind == DOSE:
            event.doses.append(telling)
        elif telling.kind == CLOSED:
            event.closed = telling
    return event


# --- Judging ----------------------------------------------------------------------------


def check(fact: Fact, known: list[Telling]) -> None:
    telling = fact.telling
    if telling is None:
        return
    if telling.kind == OPENED:
        if any(t.kind == OPENED for t in known):
            raise Conflict("exists", _("Cet événement existe déjà."), "event")
        return
    closed = next((t for t in known if t.kind == CLOSED), None)
    if closed and telling.order > closed.order:
        raise Conflict("closed", _("Cet événement est déjà fermé."), "event")


def rival(record: Record) -> Telling | None:
    """The first closing of the event, or its first opening: what a record kept aside ran into."""
    if record.subject is None:
        return None
    wanted = OPENED if record.kind == OPENED else CLOSED
    return next((t for t in story_of(record.site, record.subject) if t.kind == wanted), None)


# --- Writing what was folded ------------------------------------------------------------


def refresh(fact: Fact, tellings: list[Telling]) -> Iterable[date]:
    """Write the event's rows and movements anew; return the service days whose counts may change."""
    site = fact.site
    before = OverdoseEvent.objects.at(site).filter(ref=fact.subject).first()
    days = _days(before)
    folded = fold(tellings)
    _settle_gone(before, folded.doses if folded else [])
    if folded is None:
        if before:
            before.delete()
        return days
    if before:
        before.steps.all().delete()
    if before and before.doses:
        before.dose_rows.all().delete()
    event = _write_event(site, fact.subject, before, folded)
    ResponseStep.objects.bulk_create(step_row(event, telling) for telling in folded.steps)
    _write_doses(event, folded)
    return days | _days(event)


def _days(event: OverdoseEvent | None) -> set[date]:
    """The event's own day, and that of its visit's arrival (`visits_with_emergency`)."""
    if event is None or event.pk is None:
        return set()
    visit_days = (
        Visit.objects.at(event.site).filter(ref=event.visit_ref).values_list("service_date", flat=True)
    )
    return {event.service_date, *(visit_days if event.visit_ref else [])}


def _write_event(site: Site, ref: uuid.UUID, event: OverdoseEvent | None, folded: EventFold) -> OverdoseEvent:
    event = put_fold(event or OverdoseEvent(site=site, ref=ref), folded)
    event.save()
    return event


def put_fold(event: OverdoseEvent, folded: EventFold) -> OverdoseEvent:
    """Set every column that the records alone decide; no database."""
    opened, closed = folded.opened, folded.closed
    ended = closed.data if closed else {}
    event.visit_ref = uuid.UUID(opened.data["visit"]) if opened.data.get("visit") else None
    event.opened_at = opened.occurred_at
    event.service_date = service_date(event.site, opened.occurred_at)
    event.location = opened.data["location"]
    event.outside = event.location in OUTSIDE
    event.booth, event.person = opened.data.get("booth", ""), opened.data.get("person", "")
    for name in (
        "presentation",
        "outcome",
        "ems_called",
        "endpoint_rr",
        "endpoint_spo2",
        "endpoint_awake",
    ):
        setattr(event, name, ended.get(name, ""))
    event.believed = ended.get("substances_believed", [])
    event.event_class = event_class(event.presentation)
    event.ended_at = folded.ended_at
    event.closed_at = closed.occurred_at if closed else None
    event.severity = folded.severity
    event.doses, event.doses_staff = len(folded.doses), len(folded.staff_doses)
    event.mg_staff = sum((Decimal(t.data["dose_mg"]) for t in folded.staff_doses), Decimal(0))
    event.oxygen = bool(folded.step_codes & ({OXYGEN} | VENTILATION))
    event.oxygen_after_s = folded.after(t for t in folded.steps if t.data["step"] == OXYGEN)
    event.naloxone_after_s = folded.after(folded.doses)
    event.last_dose_at = max((t.occurred_at for t in folded.doses), default=None)
    event.ems_calls = folded.ems_calls
    event.reversal = folded.reversal
    return event


def step_row(event: OverdoseEvent, telling: Telling) -> ResponseStep:
    return ResponseStep(
        site_id=event.site_id,
        event_id=event.pk,
        record_id=telling.record_id,
        step=telling.data["step"],
        at=telling.occurred_at,
        measure=telling.data.get("measure", ""),
        value=telling.data.get("value"),
        choice=telling.data.get("choice", ""),
        by=telling.by,
    )


def _write_doses(event: OverdoseEvent, folded: EventFold) -> None:
    NaloxoneDose.objects.bulk_create(dose_row(event, t) for t in folded.doses)
    for dose in folded.doses:
        draw(event.site, dose.record_id, _drawn(dose))


def dose_row(event: OverdoseEvent, telling: Telling) -> NaloxoneDose:
    return NaloxoneDose(
        site_id=event.site_id,
        event_id=event.pk,
        record_id=telling.record_id,
        at=telling.occurred_at,
        product=telling.data["product"],
        route=telling.data["route"],
        dose_mg=telling.data["dose_mg"],
        given_by=telling.data["given_by"],
        lot_ref=telling.data.get("lot"),
        by=telling.by,
    )


def _drawn(dose: Telling) -> list[Wanted]:
    if not draws(dose):
        return []
    strength = Product.objects.values_list("strength_mg", flat=True).get(code=dose.data["product"])
    return [drawn(dose, strength)]


def draws(dose: Telling) -> bool:
    """Only what the site itself gave, from a lot that is named."""
    return dose.data["given_by"] in SITE_GIVERS and bool(dose.data.get("lot"))


def drawn(dose: Telling, strength_mg: Decimal) -> Wanted:
    """Units that a dose takes: dose ÷ strength, rounded up."""
    units = math.ceil(Decimal(dose.data["dose_mg"]) / strength_mg)
    return Wanted(uuid.UUID(dose.data["lot"]), Move.ADMINISTERED, -units, dose.occurred_at)


def _settle_gone(event: OverdoseEvent | None, doses: list[Telling]) -> None:
    """A dose that no longer counts gives its units back, by a reverse row."""
    if event is None or not event.doses:
        return
    told = {t.record_id for t in doses}
    gone = set(event.dose_rows.values_list("record_id", flat=True)) - told
    drawn = (
        StockMovement.objects.at(event.site).filter(record_id__in=gone).values_list("record_id", flat=True)
    )
    for record_id in set(drawn):
        draw(event.site, record_id, [])
