"""Building releases from the ledger and keeping them as built. Runs as scs_release only."""

import csv
import io
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.db import transaction

from harmreduction.pg.scope import RELEASE, acting
from sites.clockwork.services import now
from sites.places.models import Site
from sites.places.queries import local
from sites.releases.cube import NAME, finished, published, totals
from sites.releases.files import CSV, sha256
from sites.releases.formats.figures import Cube
from sites.releases.gathering import gather
from sites.releases.history import told_before
from sites.releases.ledger import Key, Name, Sealed, hold_ledger, is_built, name_of, read, unbuilt
from sites.releases.models import LedgerCell, PlanLine, ReleaseFile
from sites.releases.plan import plain
from sites.releases.rendering import render
from sites.releases.terms import SEALING_HOUR
from sites.trail.services import note


@contextmanager
def outside() -> Iterator[None]:
    """Act as the release builder: the ledger, the plan and the places of every site, and no fact."""
    with transaction.atomic(), acting(role=RELEASE, sites=list(Site.objects.values_list("pk", flat=True))):
        yield


def build_due(*, waiting: bool = True) -> list[str]:
    """Build what was sealed and is in no file yet; the ids built.

    With `waiting`, the release of a day is left until 6 o'clock has passed at every site, so that one
    release holds all that was sealed that morning. The very first one does not wait.
    """
    with outside():
        ready = [release for release in unbuilt() if not waiting or _is_whole(release)]
    return [name_of(release) for release in ready if _build(release)]


def _is_whole(release: Key) -> bool:
    if not ReleaseFile.objects.exists():
        return True
    planned = Site.objects.filter(pk__in=PlanLine.objects.values("site"))
    clocks = (local(site, now()) for site in planned)
    return all((clock.date(), clock.time()) >= (release[0], SEALING_HOUR) for clock in clocks)


def _build(release: Key) -> bool:
    """One transaction: a builder that dies leaves nothing, and the next one starts again."""
    with outside():
        hold_ledger()
        if is_built(release):
            return False
        cube = cube_of(release)
        day, part = release
        for name, body in render(cube):
            ReleaseFile.objects.create(
                release_date=day, part=part, published_at=cube.published_at, name=name,
                sha256=sha256(body), body=body,
            )  # fmt: skip
        note("release built", actor="releases", about="release", about_id=name_of(release))
    return True


def cube_of(release: Key) -> Cube:
    """What a release holds; the same again once it is built."""
    brought = _brought(release)
    since, ended = _reach(brought)
    ledger = read(since=since, until=release, indicators=brought)
    ledger.told = _told(ended, release)
    held = totals(ledger, release)
    return gather(ledger, release, held, published(held, release), told_before(release))


def _brought(release: Key) -> dict[str, list[Sealed]]:
    """The cells of a release by indicator."""
    sealed: dict[str, list[Sealed]] = {}
    for cell in plain(LedgerCell.objects.filter(release_date=release[0], part=release[1]), Sealed):
        sealed.setdefault(cell.indicator, []).append(cell)
    return sealed


def _reach(brought: dict[str, list[Sealed]]) -> tuple[date, date]:
    """Of the periods that these cells may finish: the first day, and the first last day."""
    periods = [(cell.period_start, cell.period_end) for cells in brought.values() for cell in cells]
    periods += [period for code, its in brought.items() for _grain, period in finished(code, its)]
    return min(first for first, _ in periods), min(last for _, last in periods)


def _told(since: date, release: Key) -> set[Name]:
    """Names of what earlier releases hold, of those built after a day: a total waits for its last day."""
    day, part = release
    files = ReleaseFile.objects.filter(name=CSV, release_date__gt=since, release_date__lte=day)
    files = files.exclude(release_date=day, part__gte=part)
    rows = (row for file in files for row in csv.DictReader(io.StringIO(bytes(file.body).decode())))
    return {tuple(row[column] for column in NAME) for row in rows}  # type: ignore[misc]


def write_out(folder: Path) -> list[str]:
    """Write every built release to folder/<release_id>/; what is there already stays as it is."""
    written = {}
    with outside():
        kept = ReleaseFile.objects.order_by("release_date", "part", "-name")
        for file in kept.iterator(chunk_size=5):
            _write(folder / file.release_id / file.name, bytes(file.body), file.sha256)
            written[file.release_id] = True
    return list(written)


def _write(path: Path, body: bytes, digest: str) -> None:
    """Whole or not at all: a reader never sees half a file."""
    if path.exists() and sha256(path.read_bytes()) == digest:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    fresh.write_bytes(body)
    os.replace(fresh, path)
