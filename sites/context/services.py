"""What happened around a site: entered by a person, taken away without being deleted."""

from django.db import transaction
from django.utils import timezone

from sites.context.models import ContextEvent
from sites.places.models import Site
from sites.trail.services import note


@transaction.atomic
def add_context(event: ContextEvent, *, site: Site, by: str) -> ContextEvent:
    event.site, event.entered_at, event.entered_by = site, timezone.now(), by
    event.save(force_insert=True)
    note("context added", actor=by, site_id=site.pk, about="context", about_id=event.pk)
    return event


@transaction.atomic
def remove_context(event: ContextEvent, *, by: str) -> None:
    if ContextEvent.objects.filter(pk=event.pk, removed_at=None).update(removed_at=timezone.now()):
        note("context removed", actor=by, site_id=event.site_id, about="context", about_id=event.pk)
