"""Sealing: what is due is counted, drawn and written to the ledger, once (privacy.md R3–R8).

Runs as scs_seal, in one transaction and under one lock.
"""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from harmreduction.pg.scope import SEAL, acting
from sites.clockwork.services import now
from sites.keyring.services import KeyMissing, destroy, key
from sites.places.models import Site
from sites.places.queries import local
from sites.releases import holding
from sites.releases.draw import drawn
from sites.releases.due import Cell, due_cells, key_name
from sites.releases.ledger import hold_ledger
from sites.releases.models import LedgerCell, ReleaseFile, SealedCount
from sites.releases.terms import release_id
from sites.trail.models import TrailEntry
from sites.trail.services import entry

log = logging.getLogger("scs.releases")


def seal_due() -> int:
    """Seal every cell that is due at `now()`; how many. Days to recount must be counted before.

    A site whose key is missing is not sealed; the others are.
    """
    with transaction.atomic():
        sites = Site.objects.in_bulk()
    with transaction.atomic(), acting(role=SEAL, sites=sites):
        hold_ledger()
        cells = _with_key(due_cells(sites, now()))
        on_time = [cell for cell in cells if not cell.held.is_late]
        late = [cell for cell in cells if cell.held.is_late]
        _write(on_time, holding.on_time(on_time))
        _write(late, holding.late(late))
        for site, year in {(cell.site, cell.first.year) for cell in late}:
            destroy(site, key_name(year))
        return len(cells)


def _with_key(cells: list[Cell]) -> list[Cell]:
    """Cells of the sites that hold each key they need; the others are told of, and left."""
    without = set()
    for site, name in sorted({(cell.site, cell.key_name) for cell in cells}, key=lambda pair: pair[0].code):
        try:
            key(site, name)
        except KeyMissing as missing:
            log.error("key %s is missing or changed: nothing is sealed for site %s", missing, site.code)
            without.add(site)
    return [cell for cell in cells if cell.site not in without]


def _write(cells: list[Cell], counts: list[int]) -> None:
    if not cells:
        return
    at, releases = now(), Releases(now())
    counted = list(zip(cells, counts, strict=True))
    LedgerCell.objects.bulk_create(
        [_ledger_cell(cell, count, at, releases) for cell, count in counted], ignore_conflicts=True
    )
    SealedCount.objects.bulk_create(
        [SealedCount(**_named(cell), value=count) for cell, count in counted], ignore_conflicts=True
    )
    TrailEntry.objects.bulk_create(
        entry("cells sealed", actor="sealing", site_id=site.pk, about="release", about_id=releases.id(site))
        for site in sorted({cell.site for cell in cells}, key=lambda site: site.code)
    )


@dataclass
class Releases:
    """The release that a site's cells go to: the day's, or its next part once that is built."""

    at: datetime
    built: dict[date, int] = field(default_factory=dict)

    def of(self, site: Site) -> tuple[date, int]:
        day = local(site, self.at).date()
        if day not in self.built:
            files = ReleaseFile.objects.filter(release_date=day)
            self.built[day] = files.aggregate(last=Max("part"))["last"] or 0
        return day, self.built[day] + 1

    def id(self, site: Site) -> str:
        return release_id(*self.of(site))


def _named(cell: Cell) -> dict:
    return {
        "site": cell.site,
        "cell_id": cell.id,
        "indicator": cell.indicator,
        "period_start": cell.first,
        "period_end": cell.last,
        "category": cell.category,
    }


def _ledger_cell(cell: Cell, count: int, at: datetime, releases: Releases) -> LedgerCell:
    line, named = cell.held.line, _named(cell)
    secret = key(cell.site, cell.key_name)
    day, part = releases.of(cell.site)
    return LedgerCell(
        **named, plan_version=line.plan_version, grain=line.grain, base=line.base,
        value=drawn(secret, line.plan_version, named["cell_id"], count, line.base),
        sealed_at=at, release_date=day, part=part,
    )  # fmt: skip
