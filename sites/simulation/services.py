"""Plausible history for sites that have none: facts through the bulk path, and a plan to publish by."""

import gc
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from harmreduction.pg.scope import acting
from sites.places.models import DirtyMark, Site
from sites.places.queries import last_closed_day
from sites.records.models import Record
from sites.releases.planning import plan_from
from sites.simulation.bulk import Book, write
from sites.simulation.frames import frame
from sites.simulation.history import days_of
from sites.simulation.loading import Loader, analyse
from sites.simulation.towns import BY, close_holidays, ensure_site, profile
from sites.trail.services import note

DAYS_A_BATCH = 50


class Refused(Exception):
    """Says in one sentence why no history was written."""


def simulate(
    *, sites: int, days: int, seed: int, until: date | None = None, visits_per_day: float | None = None
) -> list[Site]:
    """Write `days` service days, the last one `until` (the last closed day), for S01 to S<sites>."""
    made = []
    with transaction.atomic(), _no_garbage():
        for number in range(1, sites + 1):
            volume = visits_per_day or profile(number).visits_per_day
            site = ensure_site(number, volume)
            with acting(sites=[site.pk]):
                _simulate_site(site, days, seed, until, volume)
            made.append(site)
        analyse()
    return made


@contextmanager
def _no_garbage():
    """Hundreds of thousands of rows and no cycle among them: collecting is a third of the time."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _simulate_site(site: Site, days: int, seed: int, until: date | None, volume: float) -> None:
    last = until or last_closed_day(site)
    try:
        first = last - timedelta(days - 1)
    except OverflowError as error:
        raise Refused(_("Le calendrier ne remonte pas aussi loin.")) from error
    if last > last_closed_day(site):
        raise Refused(_("Le %(day)s n’est pas fini au site %(site)s.") % {"day": last, "site": site.code})
    if Record.objects.at(site).filter(service_date__range=(first, last)).exists():
        raise Refused(
            _("Le site %(site)s a déjà des faits entre le %(first)s et le %(last)s.")
            % {"site": site.code, "first": first, "last": last}
        )
    close_holidays(site, first, last)
    framed = frame(site, seed=seed, visits_per_day=volume, first=first, last=last)
    history = days_of(framed)
    with Loader() as loader:
        book = Book(site, seed, loader)
        while batch := list(islice(history, DAYS_A_BATCH)):
            write(book, [told for _day, of_day in batch for told in of_day])
    DirtyMark.objects.bulk_create(DirtyMark(site=site, service_date=day) for day in framed.calendar)
    plan_from(site, first, volume)
    note("history simulated", actor=BY, site_id=site.pk, about="days", about_id=f"{first}/{last}")
