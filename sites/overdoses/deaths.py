"""A death after an overdose: who is told, by when, and that it was done."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from sites.clockwork.services import now
from sites.overdoses.models import AuthorityNotice, OverdoseEvent
from sites.overdoses.terms import DEATHS
from sites.places.models import Site
from sites.places.queries import today
from sites.trail.services import note

SHOWN_DAYS = 3


@dataclass(frozen=True)
class Death:
    """An event that ended in a death, and until when the authority is to be told; None without a deadline."""

    event: OverdoseEvent
    due_at: datetime | None

    @property
    def late(self) -> bool:
        return self.due_at is not None and now() > self.due_at


def undeclared_events(site: Site) -> QuerySet[OverdoseEvent]:
    """Deaths not declared yet: all of them where a deadline is set, else those of the last days."""
    told = AuthorityNotice.objects.at(site).values("event_ref")
    events = OverdoseEvent.objects.at(site).filter(outcome__in=DEATHS).exclude(ref__in=told)
    if not site.death_notice_hours:
        events = events.filter(service_date__gte=today(site) - timedelta(days=SHOWN_DAYS))
    return events.order_by("closed_at", "id")


def undeclared(site: Site) -> list[Death]:
    """The same, with until when each is to be told."""
    return [death_of(site, event) for event in undeclared_events(site)]


def death_of(site: Site, event: OverdoseEvent) -> Death:
    hours = site.death_notice_hours
    return Death(event, event.closed_at + timedelta(hours=hours) if hours else None)


@transaction.atomic
def declare(site: Site, ref: uuid.UUID, *, reference: str, by: str) -> None:
    """The authority was told. Twice has one effect."""
    _notice, added = AuthorityNotice.objects.get_or_create(
        site=site, event_ref=ref, defaults={"told_at": now(), "told_by": by, "reference": reference}
    )
    if added:
        note("death declared", actor=by, site_id=site.pk, about="overdose event", about_id=ref)
