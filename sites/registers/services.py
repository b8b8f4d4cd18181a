"""What is written into the registers; each act in the trail, nothing overwritten that the law wants kept."""

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from sites.people.models import Staff
from sites.places.models import Site
from sites.places.queries import today
from sites.registers.models import (
    Authorisation,
    Condition,
    ConditionCheck,
    ConfidentialityIncident,
    CourseRule,
    TrainingDone,
)
from sites.trail.services import note


class StatedMeanwhile(Exception):
    """Somebody amended the incident since it was read."""


@transaction.atomic
def open_incident(incident: ConfidentialityIncident, *, site: Site, by: str) -> ConfidentialityIncident:
    """The first statement of an incident, under the site's next number."""
    _one_at_a_time(site)
    last = ConfidentialityIncident.objects.at(site).aggregate(last=Max("number"))["last"] or 0
    incident.number, incident.version, incident.why = last + 1, 1, ""
    return _state(incident, site, "confidentiality incident opened", by)


@transaction.atomic
def amend_incident(
    incident: ConfidentialityIncident, *, site: Site, number: int, read: int, by: str
) -> ConfidentialityIncident:
    """The next statement of an incident read at version `read`. Raises StatedMeanwhile."""
    _one_at_a_time(site)
    rows = ConfidentialityIncident.objects.at(site).filter(number=number)
    if rows.aggregate(last=Max("version"))["last"] != read:
        raise StatedMeanwhile
    incident.number, incident.version = number, read + 1
    return _state(incident, site, "confidentiality incident amended", by)


def _one_at_a_time(site: Site) -> None:
    Site.objects.select_for_update().get(pk=site.pk)


def _state(incident: ConfidentialityIncident, site: Site, action: str, by: str) -> ConfidentialityIncident:
    incident.pk, incident.site = None, site
    incident.stated_at, incident.stated_by = timezone.now(), by
    incident.save(force_insert=True)
    about = f"{incident.number} v{incident.version}"
    note(action, actor=by, site_id=site.pk, about="confidentiality incident", about_id=about)
    return incident


# --- Authorisations ----------------------------------------------------------------------
@transaction.atomic
def keep_authorisation(row: Authorisation, *, site: Site, what: list[str], by: str) -> Authorisation:
    added = row.pk is None
    if added:
        row.site, row.entered_at = site, timezone.now()
    row.save()
    action = "authorisation added" if added else "authorisation changed"
    note(action, actor=by, site_id=site.pk, about="authorisation", about_id=row.pk, why=", ".join(what))
    return row


@transaction.atomic
def add_condition(row: Condition, *, authorisation: Authorisation, by: str) -> Condition:
    row.site, row.authorisation = authorisation.site, authorisation
    row.since = max(today(row.site), authorisation.starts_on)
    row.save(force_insert=True)
    note("condition added", actor=by, site_id=row.site_id, about="condition", about_id=row.pk)
    return row


@transaction.atomic
def retire_condition(row: Condition, *, by: str) -> None:
    """It is no longer asked for; what was checked of it stays readable."""
    if Condition.objects.filter(pk=row.pk, retired_on=None).update(retired_on=today(row.site)):
        note("condition retired", actor=by, site_id=row.site_id, about="condition", about_id=row.pk)


@transaction.atomic
def check_condition(row: ConditionCheck, *, condition: Condition, by: str) -> ConditionCheck:
    row.site, row.condition, row.by, row.at = condition.site, condition, by, timezone.now()
    row.save(force_insert=True)
    note("condition checked", actor=by, site_id=row.site_id, about="condition", about_id=condition.pk)
    return row


# --- Training ----------------------------------------------------------------------------
@transaction.atomic
def set_course(
    site: Site, course: str, *, roles: list[str], months: int | None, by: str, at=None
) -> CourseRule:
    rule = CourseRule.objects.create(
        site=site, course=course, roles=roles, months=months, said_at=at or timezone.now(), said_by=by
    )
    note("course rule set", actor=by, site_id=site.pk, about="course", about_id=course)
    return rule


@transaction.atomic
def add_training(
    site: Site, staff: Staff, course: str, *, done_on: date, expires_on: date | None, evidence: str, by: str
) -> TrainingDone:
    done = TrainingDone.objects.create(
        site=site,
        staff=staff,
        course=course,
        done_on=done_on,
        expires_on=expires_on,
        evidence=evidence,
        entered_at=timezone.now(),
        entered_by=by,
    )
    note("training added", actor=by, site_id=site.pk, about="staff", about_id=staff.code, why=course)
    return done


@transaction.atomic
def withdraw_training(done: TrainingDone, *, by: str) -> None:
    """Entered by mistake: it no longer counts, and stays."""
    if TrainingDone.objects.filter(pk=done.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        note("training withdrawn", actor=by, site_id=done.site_id, about="staff", about_id=done.staff.code)
