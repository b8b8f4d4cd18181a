"""The one ledger of naloxone, kits and supplies. Rows are only added: what a record no longer means is
reversed by another row, and a count keeps the figure that was counted whatever comes late.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from sites.naloxone.models import StockMovement
from sites.naloxone.terms import COUNTS, Move
from sites.places.models import Site
from sites.places.queries import service_date
from sites.records.stories import Telling, story_of

# The concepts above say here what of theirs draws from a lot, to be settled anew when the lot is another:
# each is given the site and the lot's ref, and returns the days it touched.
redraws: list[Callable[[Site, uuid.UUID], set[date]]] = []


@dataclass(frozen=True)
class Wanted:
    """A movement that a record means now."""

    lot_ref: uuid.UUID
    move: str
    units: int
    at: datetime


def settle(site: Site, record_id: uuid.UUID, wanted: Iterable[Wanted]) -> list[Wanted]:
    """Add the rows that make this record's movements read as wanted; return the differences."""
    there: Counter[tuple[uuid.UUID, str, datetime]] = Counter()
    for row in StockMovement.objects.at(site).filter(record_id=record_id):
        there[row.lot_ref, row.move, row.at] += row.units
    target: Counter[tuple[uuid.UUID, str, datetime]] = Counter()
    for movement in wanted:
        target[movement.lot_ref, movement.move, movement.at] += movement.units
    differences = [
        Wanted(lot_ref, move, target[lot_ref, move, at] - there[lot_ref, move, at], at)
        for lot_ref, move, at in dict.fromkeys([*there, *target])
        if target[lot_ref, move, at] != there[lot_ref, move, at]
    ]
    StockMovement.objects.bulk_create(
        StockMovement(
            site=site,
            lot_ref=d.lot_ref,
            record_id=record_id,
            move=d.move,
            units=d.units,
            at=d.at,
            service_date=service_date(site, d.at),
        )
        for d in differences
    )
    return differences


def draw(
    site: Site, record_id: uuid.UUID, wanted: Iterable[Wanted], but: uuid.UUID | None = None
) -> set[date]:
    """Settle what a record draws from lots, and the counts made later there. Returns the days it touched.

    `but`: the lot whose counts the caller settles itself.
    """
    changes = settle(site, record_id, wanted)
    for change in changes:
        if change.lot_ref != but:
            recount_after(site, change.lot_ref, change.at)
    return {service_date(site, change.at) for change in changes}


def recount_after(site: Site, lot_ref: uuid.UUID, at: datetime) -> None:
    """Settle again the counts of a lot made at this instant or later."""
    settle_counts(site, lot_ref, story_of(site, lot_ref), since=at)


def settle_counts(
    site: Site, lot_ref: uuid.UUID, tellings: list[Telling], *, since: datetime | None = None
) -> None:
    """A count says what is there: the difference with the ledger until then is its adjustment.

    Counts come in their order; of two made at the same instant, the second builds on the first.
    """
    counts = [t for t in tellings if t.kind in COUNTS]
    for position, count in enumerate(counts):
        if since and count.occurred_at < since:
            continue
        not_yet = [t.record_id for t in counts[position:]]
        until = StockMovement.objects.at(site).filter(lot_ref=lot_ref, at__lte=count.occurred_at)
        expected = until.exclude(record_id__in=not_yet).aggregate(n=Sum("units"))["n"] or 0
        units = count.data["quantity"] - expected
        wanted = [Wanted(lot_ref, Move.ADJUSTED, units, count.occurred_at)] if units else []
        settle(site, count.record_id, wanted)
