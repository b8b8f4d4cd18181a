"""Fits kept up with the counts: found by the clock, one event a transaction."""

import time
from importlib import import_module

from django.db import transaction

from harmreduction.pg.scope import acting
from sites.association.models import SegmentedFit
from sites.association.queries import due_events, segments_of
from sites.clockwork.services import now
from sites.context.models import ContextEvent
from sites.places.each import all_in_sight
from sites.places.models import Site
from sites.places.queries import last_closed_day

# statsmodels takes 130 MiB with what it brings: a worker loads it for the first event, nobody else does.
REGRESSION = "sites.association.regression"


def fit_due(*, seconds: float) -> int:
    """Fit what is due, the newest first; stop after that many seconds. How many were fitted."""
    until, fitted = time.monotonic() + seconds, 0
    with all_in_sight() as sites:
        due = due_events(sites)
    for event in due:
        if time.monotonic() > until:
            return fitted
        fit_event(event.site, event)
        fitted += 1
    return fitted


def fit_event(site: Site, event: ContextEvent) -> SegmentedFit:
    """Fit and keep; two at once write the same."""
    with transaction.atomic(), acting(sites=[site.pk]):
        at = now()
        segments, through = segments_of(site, event, last_closed_day(site))
        found = import_module(REGRESSION).regression(segments)
        kept, _new = SegmentedFit.objects.update_or_create(
            event=event, defaults={"site": site, "fitted_at": at, "through": through, "found": found}
        )
        return kept
