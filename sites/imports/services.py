"""What a person does with an import: bring a file, say how it is read, try, write, drop, undo."""

import uuid

from django.utils.translation import get_language

from sites.clockwork.services import now
from sites.imports.boxes import headings_of, identified, seal
from sites.imports.catalogue import REGISTERS
from sites.imports.guessing import guess_columns
from sites.imports.mapping import Mapping, headings_digest
from sites.imports.models import Import, RememberedMapping
from sites.imports.running import forget
from sites.imports.tables import read_table
from sites.imports.terms import KEPT_UNUSED, State
from sites.keyring.services import key, mac
from sites.places.models import Site
from sites.trail.services import note


def receive(site: Site, kind: str, content: bytes, *, name: str, by: str) -> Import:
    """Keep a file sealed, with the mapping of the last one like it, or a guess. Raises Unreadable.

    Called in a transaction: a file that turns out unreadable on its last row leaves nothing.
    """
    headings, rows = read_table(content)
    imported = Import.objects.create(
        site=site,
        ref=uuid.uuid4(),
        kind=kind,
        by=by,
        language=get_language() or "fr-ca",
        uploaded_at=now(),
        file_name=name[:120],
        digest=file_digest(site, kind, content),
        rows=0,
        keep_until=now() + KEPT_UNUSED,
    )
    imported.rows = seal(imported, headings, identified(site, kind, rows))
    imported.mapping = _remembered(site, kind, headings) or {
        "columns": guess_columns(REGISTERS[kind], headings)
    }
    imported.save()
    _note(imported, "import brought", by)
    return imported


def file_digest(site: Site, kind: str, content: bytes) -> bytes:
    return mac(key(site, "handle"), f"import file|{kind}|" + content.decode("latin-1"))


def same_file(imported: Import) -> Import | None:
    """An earlier import of the very same file that still counts."""
    same = Import.objects.at(imported.site).filter(digest=imported.digest, pk__lt=imported.pk)
    return same.filter(state__in=(State.DONE, State.WRITING)).order_by("-pk").first()


def _remembered(site: Site, kind: str, headings: list[str]) -> dict | None:
    found = RememberedMapping.objects.at(site).filter(kind=kind, headings=headings_digest(site, headings))
    return found.values_list("mapping", flat=True).first()


def set_mapping(imported: Import, mapping: Mapping) -> None:
    """How the file is read from now on; what was tried before no longer holds."""
    _begin(imported, State.MAPPING)
    imported.mapping = mapping.as_json()
    imported.save()


def check(imported: Import, mapping: Mapping, *, by: str) -> None:
    """Ask for a dry run, and remember the mapping for the next file with these headings."""
    set_mapping(imported, mapping)
    RememberedMapping.objects.update_or_create(
        site=imported.site,
        kind=imported.kind,
        headings=headings_digest(imported.site, headings_of(imported)),
        defaults={"mapping": imported.mapping, "by": by, "at": now()},
    )
    imported.state = State.CHECKING
    imported.save()


def start(imported: Import, *, by: str) -> None:
    """Ask for it to be written: its records bear the name of who asks."""
    _begin(imported, State.WRITING)
    imported.by = by
    imported.save()
    _note(imported, "import started", by)


def _begin(imported: Import, state: State) -> None:
    imported.problems.all().delete()
    imported.state, imported.position, imported.finished_at = state, 0, None
    imported.written = imported.already = imported.refused = 0
    imported.notices, imported.tally = {}, {}


def drop(imported: Import) -> None:
    """Nothing of it was written: forget the file now."""
    forget(imported)


def undo(imported: Import, *, by: str, why: str) -> None:
    """Ask for every record of it to be voided."""
    imported.state, imported.position = State.UNDOING, 0
    imported.undone_by, imported.undo_reason = by, why
    imported.save()
    _note(imported, "import undo started", by)


def _note(imported: Import, action: str, actor: str) -> None:
    note(action, actor=actor, site_id=imported.site_id, about="import", about_id=imported.ref)
