"""What the logbook's records add up to. Rows are folded from the records each time, as for a visit."""

import uuid
from collections.abc import Callable, Iterable
from datetime import date

from django.db import models
from django.utils.translation import gettext as _

from sites.clients.models import Client
from sites.clients.services import known_client
from sites.logbook.models import Breach, DrugCheck, Incident, LeftBehind, ServiceGiven
from sites.logbook.terms import FOUND, GONE, KEEPS_AWAY, LEAVE_TODAY, is_unexpected
from sites.places.models import Site
from sites.places.queries import service_date
from sites.records.errors import Conflict, Invalid
from sites.records.stories import Fact, Telling
from sites.visits.models import Visit

RECORDED, NOTIFIED, CLOSED = "incident.recorded", "incident.notified", "incident.closed"
STEP, SIGNED = "leftbehind.recorded", "leftbehind.signed"


def _id(data: dict, name: str) -> uuid.UUID | None:
    return uuid.UUID(data[name]) if name in data else None


def _day(data: dict, name: str) -> date | None:
    return date.fromisoformat(data[name]) if name in data else None


# --- One record, one row ----------------------------------------------------------------
def service_row(site: Site, telling: Telling) -> ServiceGiven:
    data = telling.data
    return ServiceGiven(
        site_id=site.pk,
        record_id=telling.record_id,
        at=telling.occurred_at,
        service_date=service_date(site, telling.occurred_at),
        kind=data["kind"],
        placement=data["placement"],
        details=data.get("details", []),
        accepted=data.get("accepted"),
        completed=data.get("completed_known"),
        count=data.get("count", 1),
        visit_ref=_id(data, "visit"),
    )


def check_row(site: Site, telling: Telling) -> DrugCheck:
    """Unexpected as whoever checked said; else when something was found that was not expected."""
    data = telling.data
    expected, found = data.get("expected", []), data.get("detected", [])
    also = data.get("also_detected", [])
    return DrugCheck(
        site_id=site.pk,
        record_id=telling.record_id,
        at=telling.occurred_at,
        service_date=service_date(site, telling.occurred_at),
        sample_id=data.get("sample_id", ""),
        method=data["method"],
        expected=expected,
        detected=found,
        also_detected=also,
        unexpected=data.get("unexpected", is_unexpected(expected, found)),
        sample=data.get("sample", ""),
        turnaround_min=data.get("turnaround_min"),
        visit_ref=_id(data, "visit"),
        event_ref=_id(data, "event"),
    )


def breach_row(site: Site, telling: Telling, client: Client | None = None) -> Breach:
    data, day = telling.data, service_date(site, telling.occurred_at)
    keeps_away = data["action"] in KEEPS_AWAY
    until = day if data["action"] == LEAVE_TODAY else _day(data, "until")
    return Breach(
        site_id=site.pk,
        record_id=telling.record_id,
        at=telling.occurred_at,
        service_date=day,
        code=data["code"],
        action=data["action"],
        until=until,
        review_at=_day(data, "review_at"),
        appeal=data.get("appeal"),
        visit_ref=_id(data, "visit"),
        client=client if keeps_away else None,
    )


def _refold(model: type[models.Model], make: Callable[[Site, Telling], models.Model]):
    """The refresh of a story of one record: its row is written anew."""

    def refresh(fact: Fact, tellings: list[Telling]) -> Iterable[date]:
        rows = model.objects.at(fact.site).filter(record_id=fact.subject)  # type: ignore[attr-defined]
        days = set(rows.values_list("service_date", flat=True))
        rows.delete()
        for telling in tellings:
            row = make(fact.site, telling)
            row.save()
            days.add(row.service_date)  # type: ignore[attr-defined]
        return days

    return refresh


refresh_service = _refold(ServiceGiven, service_row)
refresh_check = _refold(DrugCheck, check_row)


def refresh_breach(fact: Fact, tellings: list[Telling]) -> Iterable[date]:
    """Whom it keeps away is known once, from the handle or the visit: a correction tells neither again."""
    site = fact.site
    before = Breach.objects.at(site).filter(record_id=fact.subject).first()
    days = {before.service_date} if before else set()
    for telling in tellings:
        row = breach_row(site, telling, _kept_away(fact, telling, before))
        row.pk = before.pk if before else None
        row.save()
        days.add(row.service_date)
    if before and not tellings:
        before.delete()
    return days


def _kept_away(fact: Fact, telling: Telling, before: Breach | None) -> Client | None:
    if fact.handle_code:
        return known_client(fact.site, fact.handle_code)
    if before and before.client:
        return before.client
    visit = Visit.objects.at(fact.site).filter(ref=_id(telling.data, "visit")).first()
    return visit.client if visit else None


# --- Incidents --------------------------------------------------------------------------
def check_incident(fact: Fact, known: list[Telling]) -> None:
    telling = fact.telling
    if telling and telling.kind == RECORDED and any(t.kind == RECORDED for t in known):
        raise Conflict("exists", _("Cet incident est déjà noté."), "incident")


def incident_row(site: Site, ref: uuid.UUID, tellings: list[Telling]) -> Incident | None:
    """The first notice and the last closing count; None without a report."""
    report = next((t for t in tellings if t.kind == RECORDED), None)
    if report is None:
        return None
    told = [t.occurred_at for t in tellings if t.kind == NOTIFIED]
    closed = [t.occurred_at for t in tellings if t.kind == CLOSED]
    return Incident(
        site_id=site.pk,
        ref=ref,
        at=report.occurred_at,
        service_date=service_date(site, report.occurred_at),
        kind=report.data["kind"],
        location=report.data.get("location", ""),
        notified_at=min(told, default=None),
        closed_at=max(closed, default=None),
    )


def refresh_incident(fact: Fact, tellings: list[Telling]) -> Iterable[date]:
    rows = Incident.objects.at(fact.site).filter(ref=fact.subject)
    days = set(rows.values_list("service_date", flat=True))
    rows.delete()
    row = incident_row(fact.site, fact.subject, tellings)
    if row:
        row.save()
        days.add(row.service_date)
    return days


# --- Substances left behind -------------------------------------------------------------
def check_left(fact: Fact, known: list[Telling]) -> None:
    """It is found once, gone once, and nobody signs twice for one step."""
    telling = fact.telling
    if telling is None:
        return
    if telling.kind == SIGNED:
        _check_signature(telling, known)
        return
    steps = [t for t in known if t.kind == STEP]
    found = any(t.data["step"] == FOUND for t in steps)
    if telling.data["step"] == FOUND and found:
        raise Conflict("exists", _("Cette substance est déjà notée."), "left")
    gone = next((t for t in steps if t.data["step"] in GONE), None)
    if gone and (telling.data["step"] in GONE or telling.order > gone.order):
        raise Conflict("closed", _("Cette substance n’est plus ici."), "left")


def _check_signature(telling: Telling, known: list[Telling]) -> None:
    step = next((t for t in known if str(t.record_id) == telling.data["signs"]), None)
    if step is None or step.kind != STEP:
        raise Invalid("unknown", _("Cette étape n’existe pas."), "signs")
    if step.by and step.by == telling.by:
        raise Invalid("same", _("La seconde signature est celle d’une autre personne."), "signs")


def signatures(tellings: list[Telling]) -> dict[uuid.UUID, str]:
    """Step → who signed second: someone known, and not who wrote it."""
    authors = {str(t.record_id): t for t in tellings if t.kind == STEP}
    found: dict[uuid.UUID, str] = {}
    for telling in tellings:
        step = authors.get(telling.data.get("signs", "")) if telling.kind == SIGNED else None
        if step and step.by and telling.by and step.by != telling.by:
            found.setdefault(step.record_id, telling.by)
    return found


def left_row(site: Site, ref: uuid.UUID, tellings: list[Telling]) -> LeftBehind | None:
    steps = [t for t in tellings if t.kind == STEP]
    if not steps:
        return None
    first, last, second = steps[0], steps[-1], signatures(tellings)

    def told(name: str) -> str:
        return next((t.data[name] for t in reversed(steps) if name in t.data), "")

    return LeftBehind(
        site_id=site.pk,
        ref=ref,
        found_at=first.occurred_at,
        service_date=service_date(site, first.occurred_at),
        place=told("place"),
        seal_no=told("seal_no"),
        storage=told("storage"),
        step=last.data["step"],
        since=last.occurred_at,
        signed=all(t.record_id in second for t in steps),
    )


def refresh_left(fact: Fact, tellings: list[Telling]) -> Iterable[date]:
    rows = LeftBehind.objects.at(fact.site).filter(ref=fact.subject)
    days = set(rows.values_list("service_date", flat=True))
    rows.delete()
    row = left_row(fact.site, fact.subject, tellings)
    if row:
        row.save()
        days.add(row.service_date)
    return days
