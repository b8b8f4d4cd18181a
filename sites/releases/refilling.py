"""The ledger after a restore, completed from what was published since: told once is told for good (R5).

Reads the folders that `release --out` writes. The exact counts of these cells are lost, so what comes
late for them is told in no late part.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from sites.places.models import Site
from sites.places.queries import today
from sites.releases.draw import cell_id
from sites.releases.files import JSON, MANIFEST, sha256
from sites.releases.models import LedgerCell, PlanLine, ReleaseFile, Stop
from sites.releases.newyear import roll_plans
from sites.releases.terms import ROUNDED, release_id

DATE_LENGTH = len("2026-01-01")


class Unreadable(Exception):
    """What is in the folder is not what was published; says where, in one line."""


@dataclass(frozen=True)
class Told:
    """One published release: its files as they are, the rows and the register that they hold."""

    day: date
    part: int
    published_at: datetime
    files: dict[str, bytes]
    rows: list[dict]
    stopped: list[dict]


def read_releases(folder: Path) -> list[Told]:
    """Every release of a folder, the oldest first. Raises Unreadable, or OSError."""
    manifests = sorted(folder.glob(f"*/{MANIFEST}"))
    if not manifests:
        raise Unreadable(_("Aucune publication dans %(folder)s.") % {"folder": folder})
    found = [_read(manifest.parent) for manifest in manifests]
    return sorted(found, key=lambda told: (told.day, told.part))


def _read(folder: Path) -> Told:
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    try:
        manifest, told = json.loads(files[MANIFEST]), json.loads(files[JSON])
        kept = {name: body for name, body in files.items() if name == MANIFEST or name in manifest["files"]}
        changed = [
            n for n, body in kept.items() if n != MANIFEST and sha256(body) != manifest["files"][n]["sha256"]
        ]
        if changed or manifest["release_id"] != folder.name or told["release_id"] != folder.name:
            raise ValueError
        return Told(
            day=date.fromisoformat(folder.name[:DATE_LENGTH]),
            part=int(folder.name[DATE_LENGTH + 1 :] or 1),
            published_at=datetime.fromisoformat(manifest["published_at"]),
            files=kept,
            rows=[row for row in told["rows"] if row["status"] == ROUNDED],
            stopped=manifest["register"]["gate"]["stopped"],
        )
    except (KeyError, ValueError, TypeError) as error:
        raise Unreadable(_("%(folder)s n’est pas une publication entière.") % {"folder": folder}) from error


def refill(releases: Iterable[Told]) -> tuple[int, int]:
    """Write what is missing of these releases; how many cells and files. Nothing that is there changes.

    The caller owns the tables and has every site in sight. Raises Unreadable where the two differ.
    """
    sites = {site.code: site for site in Site.objects.all()}
    cells = files = 0
    for told in releases:
        if any(told.day.year == today(site).year for site in sites.values()):
            # As on that New Year's morning: from what was published before, ahead of the year's first cell.
            roll_plans(sites.values())
        cells += _refill_cells(told, sites)
        files += _refill_files(told)
        _refill_stops(told, sites)
    return cells, files


def _refill_cells(told: Told, sites: dict[str, Site]) -> int:
    brought = {cell.cell_id: cell for cell in (_cell(told, row, sites) for row in told.rows)}
    known = dict(LedgerCell.objects.filter(cell_id__in=brought).values_list("cell_id", "value"))
    if any(brought[name].value != value for name, value in known.items()):
        raise Unreadable(
            _("La publication %s ne dit pas ce que dit le registre.") % release_id(told.day, told.part)
        )
    missing = [cell for name, cell in brought.items() if name not in known]
    LedgerCell.objects.bulk_create(missing)
    return len(missing)


def _cell(told: Told, row: dict, sites: dict[str, Site]) -> LedgerCell:
    if row["site"] not in sites:
        raise Unreadable(_("La base ne connaît pas le site %s, qui a été publié.") % row["site"])
    named = {name: row[name] for name in ("indicator", "grain", "category", "value", "base", "plan_version")}
    first = row["period_start"]
    return LedgerCell(
        site=sites[row["site"]],
        cell_id=cell_id(row["site"], row["indicator"], row["grain"], first, row["category"]),
        period_start=date.fromisoformat(first),
        period_end=date.fromisoformat(row["period_end"]),
        sealed_at=told.published_at,
        release_date=told.day,
        part=told.part,
        **named,
    )


def _refill_files(told: Told) -> int:
    known = dict(
        ReleaseFile.objects.filter(release_date=told.day, part=told.part).values_list("name", "sha256")
    )
    if any(known.get(name, sha256(body)) != sha256(body) for name, body in told.files.items()):
        raise Unreadable(
            _("La publication %s ne dit pas ce que dit le registre.") % release_id(told.day, told.part)
        )
    missing = [
        ReleaseFile(
            release_date=told.day, part=told.part, published_at=told.published_at, name=name,
            sha256=sha256(body), body=body,
        )
        for name, body in told.files.items() if name not in known
    ]  # fmt: skip
    ReleaseFile.objects.bulk_create(missing)
    return len(missing)


def _refill_stops(told: Told, sites: dict[str, Site]) -> None:
    Stop.objects.bulk_create(
        [
            Stop(site=sites[stop["site"]], plan_version=stop["plan_version"], indicator=stop["indicator"],
                 at=told.published_at)
            for stop in told.stopped
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def lost_plans() -> dict[str, set[str]]:
    """Site → versions of plans that its published cells name and nobody has: lost with the database."""
    planned = set(PlanLine.objects.values_list("site__code", "plan_version"))
    sealed = set(LedgerCell.objects.values_list("site__code", "plan_version").distinct())
    lost: dict[str, set[str]] = {}
    for site, version in sealed - planned:
        lost.setdefault(site, set()).add(version)
    return lost
