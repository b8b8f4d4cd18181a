"""The product looks at its own figures: often at the latest months, every night at all of its history."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta

from django.db import transaction

from harmreduction.pg.scope import acting
from sites.audit.figures import partition_faults, period_faults, report_faults
from sites.audit.ledgers import CHECKS, OF_COUNTS, Fault, ledger_faults
from sites.audit.models import AuditState
from sites.clockwork.services import now
from sites.indicators.queries import first_day, frozen_through
from sites.places.each import all_in_sight
from sites.places.models import Site
from sites.places.queries import last_closed_day
from sites.records.locks import hold_locks

EVERY = timedelta(minutes=4)
# How far back the frequent look goes: in sums of days, and where each record or report is read.
OFTEN_DAYS, CLOSELY_DAYS = 250, 35
MOST_KEPT = 200
CLOCK = "audit"


def faults(site: Site, *, since: date, closely: date) -> Iterator[Fault]:
    """Everything that does not agree. `closely`: since when records and reports are read one by one."""
    frozen = frozen_through(site)
    facts = frozen + timedelta(days=1) if frozen else date.min
    for check in CHECKS:
        begin = closely if check == "people" else since
        # Of days whose facts were destroyed only the counts are left, and what they hash to.
        yield from ledger_faults(site, check, begin if check in OF_COUNTS else max(begin, facts))
    yield from partition_faults(site, since)
    yield from report_faults(site, closely)
    yield from period_faults(site, closely)


def look(site: Site, *, whole: bool) -> AuditState | None:
    """Look at one site and keep what was found; None when nothing has happened there yet."""
    with transaction.atomic(), acting(sites=[site.pk]):
        first = first_day(site)
        if first is None:
            return None
        last = last_closed_day(site)
        since = first if whole else max(first, last - timedelta(days=OFTEN_DAYS))
        closely = first if whole else max(first, last - timedelta(days=CLOSELY_DAYS))
        found = [asdict(fault) for fault in _twice(site, since, closely)]
        hold_locks(site, [CLOCK])  # two first looks would both begin the one state
        state = AuditState.objects.at(site).select_for_update().first() or AuditState(site=site)
        # What the nightly look found further back stands until the next one.
        older = [] if whole else [f for f in state.faults if f["day"] and f["day"] < since.isoformat()]
        state.faults = [*found, *older][:MOST_KEPT]
        state.looked_at, state.since = now(), first if whole else state.since or since
        if whole:
            state.through = last
        state.save()
        return state


def _twice(site: Site, since: date, closely: date) -> list[Fault]:
    """Faults that are still there at a second look: what was being written meanwhile is none."""
    found = list(faults(site, since=since, closely=closely))
    again = set(faults(site, since=since, closely=closely)) if found else set()
    return [fault for fault in found if fault in again]


def look_when_due() -> None:
    """Sites not looked at for some minutes, one by one; one at most wholly, which is once a night."""
    with all_in_sight() as sites:
        states = {state.site_id: state for state in AuditState.objects.all()}
    for site in sites:
        state = states.get(site.pk)
        if state is not None and now() - state.looked_at < EVERY:
            continue
        whole = state is None or state.through is None or state.through < last_closed_day(site)
        look(site, whole=whole)
        if whole:
            return


def audit_faults() -> Iterator[dict]:
    """For `verify`: every fault of every site in sight, over all of their history."""
    for site in Site.objects.all():
        with transaction.atomic(), acting(sites=[site.pk]):
            first = first_day(site)
            if first is not None:
                for fault in faults(site, since=first, closely=first):
                    yield {"check": f"figures/{fault.check}", "site": site.code} | {
                        name: value for name, value in asdict(fault).items() if name != "check"
                    }
