"""Overdose events as screens read them."""

import uuid
from datetime import timedelta

from django.db.models import F, Max, Q
from django.db.models.lookups import IsNull

from sites.naloxone.models import StockMovement
from sites.overdoses.models import OverdoseEvent
from sites.places.models import Site
from sites.places.queries import today
from sites.records.models import Record

LISTED_DAYS = 30


def open_events(site: Site):
    """Events that nobody has closed, first opened first."""
    return OverdoseEvent.objects.at(site).filter(closed_at__isnull=True).order_by("opened_at", "id")


def running_events(site: Site):
    """Events whose response goes on: not closed, and not waiting for their answers alone."""
    return open_events(site).filter(ended_at__isnull=True)


def recent_events(site: Site):
    """The open ones, however old, then those of the last 30 service days, newest first."""
    recent = Q(service_date__gt=today(site) - timedelta(days=LISTED_DAYS))
    events = OverdoseEvent.objects.at(site).filter(recent | Q(closed_at__isnull=True))
    return events.order_by(IsNull(F("closed_at"), False), "-opened_at", "-id")


def version(site: Site, ref: uuid.UUID) -> str:
    """Changes whenever a record about the event, or a movement of stock, is written."""
    told = Record.objects.at(site).filter(subject=ref).aggregate(n=Max("id"))["n"]
    moved = StockMovement.objects.at(site).aggregate(n=Max("id"))["n"]
    return f"{told or 0}-{moved or 0}"
