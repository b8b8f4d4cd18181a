"""What the worker does of imports: the next batch of whichever is running, until it is done."""

import time
from collections import Counter

from django.db import transaction
from django.utils import translation

from harmreduction.pg.scope import acting
from sites.clockwork.services import now
from sites.imports.boxes import purge, rows_of
from sites.imports.mapping import Mapping, mapping_of
from sites.imports.models import Import, ImportProblem
from sites.imports.terms import KEPT_AFTER, MAX_PROBLEMS, ROWS_A_BATCH, RUNNING, State
from sites.imports.writing import Told, stories_of, void_story, write_rows
from sites.places.each import having
from sites.places.models import Site
from sites.trail.services import note

STORIES_A_BATCH = 25


def run_due(seconds: float | None = None) -> None:
    """Go on with every import that is under way; stop after that many seconds."""
    until = None if seconds is None else time.monotonic() + seconds
    for site in having(Import.objects.filter(state__in=RUNNING)):
        while step(site):
            if until is not None and time.monotonic() > until:
                return


def step(site: Site) -> bool:
    """One batch of the site's oldest running import, in one transaction; False when none is left to do."""
    with transaction.atomic(), acting(sites=[site.pk]):
        running = Import.objects.at(site).filter(state__in=RUNNING).order_by("pk")
        imported = running.select_for_update(skip_locked=True).first()
        if imported is None:
            return False
        with translation.override(imported.language):
            _undo_some(imported) if imported.state == State.UNDOING else _write_some(imported)
        imported.save()
        return True


def _write_some(imported: Import) -> None:
    keep = imported.state == State.WRITING
    rows = list(rows_of(imported, imported.position, ROWS_A_BATCH))
    if not rows:
        return _finish(imported, keep)
    mapping: Mapping = mapping_of(imported)
    told = write_rows(imported, mapping, rows, keep=keep)
    imported.position += len(rows)
    _add(imported, told)


def _add(imported: Import, told: Told) -> None:
    imported.written += told.written
    imported.already += told.already
    left = MAX_PROBLEMS - imported.problems.count()
    imported.refused += len(told.refused)
    ImportProblem.objects.bulk_create(
        ImportProblem(
            site_id=imported.site_id, imported=imported, row=row, column=column, message=message[:240]
        )
        for row, (column, message) in told.problems[:left]
    )
    imported.notices = dict(Counter(imported.notices) + told.notices)
    for (day, kind), count in told.tally.items():
        of_day = imported.tally.setdefault(day, {})
        of_day[kind] = of_day.get(kind, 0) + count


def _finish(imported: Import, kept: bool) -> None:
    imported.state = State.DONE if kept else State.CHECKED
    imported.finished_at = now()
    if kept:
        imported.keep_until = min(imported.keep_until, now() + KEPT_AFTER)
        _note(imported, "import written", imported.by)


def _undo_some(imported: Import) -> None:
    subjects = stories_of(imported, imported.position, STORIES_A_BATCH)
    if not subjects:
        imported.state, imported.undone_at = State.UNDONE, now()
        return _note(imported, "import undone", imported.undone_by)
    imported.left += sum(not void_story(imported, subject) for subject in subjects)
    imported.position += len(subjects)


def _note(imported: Import, action: str, actor: str) -> None:
    note(action, actor=actor, site_id=imported.site_id, about="import", about_id=imported.ref)


def forget_files() -> None:
    """Purge the files whose time is over; those under way wait for their end."""
    kept = Import.objects.filter(purged_at=None, keep_until__lte=now())
    for site in having(kept):
        with transaction.atomic(), acting(sites=[site.pk]):
            over = kept.at(site)
            for imported in over.exclude(state__in=RUNNING).select_for_update(skip_locked=True):
                forget(imported)


def forget(imported: Import) -> None:
    """Take the file away, and where it was wrong; what was never written is dropped with it."""
    purge(imported)
    imported.problems.all().delete()
    imported.purged_at = now()
    if imported.state in (State.MAPPING, State.CHECKED):
        imported.state = State.DROPPED
    imported.save()
    _note(imported, "import file destroyed", "retention")
