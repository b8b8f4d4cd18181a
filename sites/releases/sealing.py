"""Sealing: what is due is counted, drawn, judged by the gate and written to the ledger, once (R3–R9).

Runs as scs_seal, in one transaction and under one lock.
"""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from harmreduction.pg.scope import SEAL, acting
from sites.clockwork.services import now
from sites.keyring.restored import sealing_is_off, was_restored
from sites.keyring.services import KeyMissing, destroy, key
from sites.places.models import Site
from sites.places.queries import local
from sites.releases import holding
from sites.releases.beside import tied
from sites.releases.draw import drawn, other_neighbour
from sites.releases.due import Cell, due_cells, key_name
from sites.releases.forgetting import forget_counted_months
from sites.releases.gate import Candidate, Evidence, judge
from sites.releases.ledger import hold_ledger
from sites.releases.models import GateLog, LedgerCell, ReleaseFile, SealedCount, Stop
from sites.releases.newyear import roll_plans
from sites.releases.refilling import lost_plans
from sites.releases.terms import release_id
from sites.releases.weaving import Known
from sites.trail.models import TrailEntry
from sites.trail.services import entry, note

log = logging.getLogger("scs.releases")


def seal_due() -> int:
    """Seal every cell that is due at `now()`; how many. Days to recount must be counted before.

    A site whose key is missing is not sealed; the others are.
    """
    with transaction.atomic():
        sites = Site.objects.in_bulk()
    with transaction.atomic(), acting(role=SEAL, sites=sites):
        hold_ledger()
        if sealing_is_off():
            log.error("restored without its keys: nothing is sealed until they are back")
            return 0
        roll_plans(sites.values())
        due = _with_plan(due_cells(sites, now()))
        cells = _with_key(due)
        on_time = [cell for cell in cells if not cell.held.is_late]
        late = [cell for cell in cells if cell.held.is_late]
        written = _seal(on_time, holding.on_time(on_time), sites) + _seal(late, holding.late(late), sites)
        for site, year in {(cell.site, cell.first.year) for cell in late}:
            destroy(site, key_name(year))
        lacking = set(due) - set(cells)
        forget_counted_months(sites, {(cell.site.pk, cell.first) for cell in lacking})
        return written


def _with_plan(cells: list[Cell]) -> list[Cell]:
    """After a restore, a site waits for a person to adopt again the plan that it had published by."""
    lost = lost_plans() if was_restored() else {}
    for site, versions in sorted(lost.items()):
        log.error("site %s: the plan %s is lost, nothing is sealed", site, ", ".join(sorted(versions)))
    return [cell for cell in cells if cell.site.code not in lost]


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


def _seal(cells: list[Cell], counts: list[int], sites: dict[int, Site]) -> int:
    """Draw, ask the gate, write; how many cells were written."""
    if not cells:
        return 0
    at, releases = now(), Releases(now())
    drawn_as = {_drawn(cell, count, at): (cell, count) for cell, count in zip(cells, counts, strict=True)}
    candidates = [_candidate(known, *held) for known, held in drawn_as.items()]
    log_of = {site: Evidence() for site in sorted({cell.site.pk for cell in cells})}
    values = _judged(candidates, sites, log_of, at)
    kept = [(drawn_as[known], value) for known, value in values.items()]
    LedgerCell.objects.bulk_create(
        [_ledger_cell(cell, value, at, releases) for (cell, _count), value in kept], ignore_conflicts=True
    )
    SealedCount.objects.bulk_create(
        [SealedCount(**_named(cell), value=count) for (cell, count), _value in kept], ignore_conflicts=True
    )
    _note(log_of, sites, at, releases)
    return len(kept)


def _drawn(cell: Cell, count: int, at: datetime) -> Known:
    line = cell.held.line
    value = drawn(key(cell.site, cell.key_name), line.plan_version, cell.id, count, line.base)
    period = (cell.first, cell.last)
    return Known(cell.site.pk, cell.indicator, cell.category, period, value, line.base, at)


def _candidate(known: Known, cell: Cell, count: int) -> Candidate:
    other = other_neighbour(known.value, count, known.base)
    return Candidate(known, other, len(cell.held.line.parts), cell.held.line.plan_version)


def _judged(
    candidates: list[Candidate], sites: dict[int, Site], log_of: dict[int, Evidence], at: datetime
) -> dict[Known, int]:
    """The value that each cell is sealed with, in plan order; a cell that is not there is not sealed."""
    values = {one.drawn: one.drawn.value for one in candidates}
    for one in candidates:
        log_of[one.drawn.site].free(one.drawn)
    for group in tied(candidates, sites):
        verdict = judge(group.candidates, group.beside)
        for one in group.candidates:
            if one.drawn in verdict.values:
                values[one.drawn] = verdict.values[one.drawn]
            else:
                del values[one.drawn]
        log_of[group.candidates[0].drawn.site].add(verdict.evidence)
        _stop(verdict.stopped, sites, at)
    return values


def _stop(stopped: set[tuple[int, str, str]], sites: dict[int, Site], at: datetime) -> None:
    for site, version, indicator in sorted(stopped):
        log.error("the gate stops %s at site %s until the next plan", indicator, sites[site].code)
        Stop.objects.bulk_create(
            [Stop(site_id=site, plan_version=version, indicator=indicator, at=at)], ignore_conflicts=True
        )
        note("indicator stopped", actor="gate", site_id=site, about="plan", about_id=version, why=indicator)


def _note(log_of: dict[int, Evidence], sites: dict[int, Site], at: datetime, releases: "Releases") -> None:
    logs, entries = [], []
    for pk, evidence in log_of.items():
        day, part = releases.of(sites[pk])
        logs.append(GateLog(site_id=pk, at=at, release_date=day, part=part, **vars(evidence)))
        about = release_id(day, part)
        entries.append(entry("cells sealed", actor="sealing", site_id=pk, about="release", about_id=about))
    GateLog.objects.bulk_create(logs)
    TrailEntry.objects.bulk_create(entries)


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


def _named(cell: Cell) -> dict:
    return {
        "site": cell.site,
        "cell_id": cell.id,
        "indicator": cell.indicator,
        "period_start": cell.first,
        "period_end": cell.last,
        "category": cell.category,
    }


def _ledger_cell(cell: Cell, value: int, at: datetime, releases: Releases) -> LedgerCell:
    line = cell.held.line
    day, part = releases.of(cell.site)
    return LedgerCell(
        **_named(cell), plan_version=line.plan_version, grain=line.grain, base=line.base, value=value,
        sealed_at=at, release_date=day, part=part,
    )  # fmt: skip
