"""Looks at the days that were counted anew and keeps what is odd about them, for a person to read.

A look writes what it finds of a day whole: what was mended since is gone with it. What a person said to be
right stays so for as long as the same values say it.
"""

import time
from collections.abc import Collection, Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.indicators.models import CountedDay
from sites.naloxone.queries import below_zero
from sites.places.each import all_in_sight
from sites.places.models import Site
from sites.records.locks import hold_locks
from sites.review.models import Finding, Seen
from sites.review.rules import RULES, Found, limits_of
from sites.review.terms import K

DAYS_AT_ONCE = 31
# Found by a look at the shelves, whatever the day.
OF_STOCK = K.BELOW_ZERO


def look_due(*, seconds: float | None = None) -> None:
    """Look at every day counted since it was last looked at, the newest first."""
    until = None if seconds is None else time.monotonic() + seconds
    with all_in_sight() as sites:
        waiting = CountedDay.objects.filter(looked_over=False).order_by("-service_date")
        days: dict[int, list[date]] = {}
        for pk, day in waiting.values_list("site", "service_date"):
            days.setdefault(pk, []).append(day)
    for site in sites:
        due = days.get(site.pk, [])
        for n in range(0, len(due), DAYS_AT_ONCE):
            if until is not None and time.monotonic() > until:
                return
            look(site, due[n : n + DAYS_AT_ONCE])


def look_again(site: Site) -> None:
    """All of its days are to be looked at anew: what is odd was said otherwise."""
    CountedDay.objects.at(site).update(looked_over=False)


def look(site: Site, days: Collection[date]) -> None:
    """Look at these days and at the shelves, in one transaction. Two at once take turns."""
    with transaction.atomic(), acting(sites=[site.pk]):
        hold_locks(site, ["look over"])
        # Before reading: what is counted meanwhile is looked at again.
        CountedDay.objects.at(site).filter(service_date__in=days).update(looked_over=True)
        limits = limits_of(site)
        found = [one for rule in RULES for one in rule(site, days, limits)]
        of_days = Finding.objects.at(site).filter(service_date__in=days).exclude(kind=OF_STOCK)
        _keep(site, of_days, found)
        _keep(site, Finding.objects.at(site).filter(kind=OF_STOCK), _shelves(site))


def _shelves(site: Site) -> Iterable[Found]:
    """Lots with less than nothing in them, dated by the movement that took them there."""
    for lot, units, crossing in below_zero(site):
        said = {
            "lot": lot.lot_code, "product": lot.product.code, "units": units, "move": crossing.move,
            "moved": crossing.units,
        }  # fmt: skip
        yield Found(OF_STOCK, "", lot.ref, crossing.at, crossing.service_date, lot.ref, said)


def _keep(site: Site, rows, found: Iterable[Found]) -> None:
    """Let these rows say what was found and nothing else."""
    present = timezone.now()
    there = {(row.kind, row.ref, row.rule): row for row in rows}
    wanted = {(one.kind, one.ref, one.rule): one for one in found}
    Finding.objects.at(site).filter(
        pk__in=[row.pk for key, row in there.items() if key not in wanted]
    ).delete()
    confirmed = said_right(site, wanted)
    Finding.objects.bulk_create(
        [
            Finding(
                site=site, kind=one.kind, rule=one.rule, ref=one.ref, subject=one.subject, at=one.at,
                service_date=one.day, said=one.said, looked_at=present,
                seen=confirmed.get(key) == one.said,
            )
            for key, one in wanted.items()
        ],
        update_conflicts=True,
        unique_fields=["site", "kind", "ref", "rule"],
        update_fields=["subject", "at", "service_date", "said", "looked_at", "seen"],
    )  # fmt: skip


def said_right(site: Site, keys: Iterable[tuple]) -> dict[tuple, dict]:
    """Of these (kind, ref, rule), the values that someone last said to be right."""
    refs = [ref for _kind, ref, _rule in keys]
    rows = Seen.objects.at(site).filter(ref__in=refs, taken_back_at__isnull=True).order_by("id")
    return {(row.kind, row.ref, row.rule): row.said for row in rows}
