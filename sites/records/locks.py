"""Locks by name, taken in one order: two batches about the same things never deadlock."""

import hashlib
import uuid
from collections.abc import Iterable

from django.db.models import Q

from harmreduction.pg.prepared import ask, listed
from sites.places.models import Site
from sites.records.envelopes import Envelope, as_uuid
from sites.records.models import Record
from sites.records.stories import KINDS


def hold_locks(site: Site, names: Iterable[str]) -> None:
    """Wait for whoever else writes about these at this site, until this transaction ends."""
    keys = sorted(_lock_key(site, name) for name in names)
    ask("select pg_advisory_xact_lock(k) from unnest(%(keys)s::bigint[]) k", keys=listed(keys))


def _lock_key(site: Site, name: str) -> int:
    digest = hashlib.sha256(f"{site.pk}|{name}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], signed=True)


def lock_for(site: Site, envelopes: list[Envelope]) -> None:
    """Hold whatever these records will touch: their ids, visits, events, lots, booths and targets."""
    names: set[str] = set()
    changes: dict[uuid.UUID, list[dict]] = {}
    for envelope in envelopes:
        names.add(str(envelope.record_id))
        names.update(_named(envelope.data))
        if target := as_uuid(envelope.data.get("target")):
            changes.setdefault(target, []).append(_changes(envelope.data))
        if kind := KINDS.get(envelope.kind):
            names.update(kind.locks(site, envelope.data))
    if changes:
        # Corrections made before may name another lot or booth than the target does.
        about = Record.objects.at(site).filter(Q(record_id__in=changes) | Q(target__in=changes))
        for row in about.values("record_id", "subject", "kind", "data"):
            names |= {str(row["subject"]), *_named(row["data"])}
            if kind := KINDS.get(row["kind"]):
                for data in [row["data"], *changes.get(row["record_id"], [])]:
                    names.update(kind.locks(site, data))
    hold_locks(site, names)


def _named(data: dict) -> set[str]:
    """Every id that data names, those inside the changes of a correction included."""
    return {str(found) for found in map(as_uuid, [*data.values(), *_changes(data).values()]) if found}


def _changes(data: dict) -> dict:
    """What a correction changes; nothing of any other record."""
    changes = data.get("data")
    return changes if isinstance(changes, dict) else {}
