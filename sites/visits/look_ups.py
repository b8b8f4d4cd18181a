"""Looking a person up by their handle: one door for all, written down and counted before anything is told."""

from datetime import timedelta
from enum import StrEnum

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sites.clients.services import person_mark
from sites.places.models import Site
from sites.records.locks import hold_locks
from sites.trail.models import TrailEntry
from sites.trail.services import note

ONE_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 20
ARRIVED = "visit.arrived"
TOO_MANY = _("Vingt recherches sans arrivée en une heure : attendre un peu.")


class Door(StrEnum):
    """Where someone is looked up from, as the trail names the look."""

    DESK = "handle.looked_up"
    TABLET = "handle.last_time"
    KIOSK = "kiosk.looked"


def look_up(site: Site, handle: str, *, by: str, door: Door, device="") -> bool:
    """Write down that `by` looks someone up, unless they did too often: then nothing may be told.

    Two at once wait for each other. An arrival that they wrote gives one look back, so that a busy
    evening stops nobody.
    """
    hold_locks(site, [f"look-ups {by}"])
    if _looks_left_open(site, by) >= MOST_AN_HOUR:
        return False
    note(
        door,
        actor=by,
        site_id=site.pk,
        about="person",
        about_id=person_mark(site, handle),
        device=device,
    )
    return True


def _looks_left_open(site: Site, by: str) -> int:
    told = TrailEntry.objects.filter(site_id=site.pk, actor=by, at__gt=timezone.now() - ONE_HOUR).aggregate(
        looks=Count("pk", filter=Q(action__in=Door)), arrivals=Count("pk", filter=Q(action=ARRIVED))
    )
    return told["looks"] - told["arrivals"]
