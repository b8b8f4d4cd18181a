"""What must outlive a restored backup, beside the keys: signed periods, holds, how far destruction went.

A database older than that is not served before `purge` has run again under the same holds.
"""

import json
import os
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core import serializers
from django.db import transaction
from django.db.models import Max

from harmreduction.pg.scope import acting
from sites.clients.services import is_client_held
from sites.clients.withdrawn import back_again
from sites.holds.models import LegalHold
from sites.places.models import Site
from sites.retention.models import Destruction, RetentionSchedule

FILE = "retention.json"
HOUSE = "_"


def _path() -> Path:
    return Path(settings.KEYS_DIR) / FILE


def _read() -> dict:
    try:
        return json.loads(_path().read_text())
    except FileNotFoundError:
        return {"numbers": {}, "rows": "[]"}


def write() -> None:
    """Keep beside the keys what the database says now, once this transaction is kept."""
    transaction.on_commit(_write)


def _write() -> None:
    with transaction.atomic(), acting(sites=Site.objects.values_list("pk", flat=True)):
        rows = [*RetentionSchedule.objects.order_by("pk"), *LegalHold.objects.order_by("pk")]
        said = {"numbers": _numbers(), "rows": serializers.serialize("json", rows)}
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with open(fresh, "w", opener=partial(os.open, mode=0o600)) as file:
        json.dump(said, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)


def _numbers() -> dict[str, int]:
    """Site code → number of its last certificate; never lower than what was already kept."""
    done = Destruction.objects.exclude(finished_at=None).order_by().values("site__code")
    known = {row["site__code"] or HOUSE: row["last"] for row in done.annotate(last=Max("number"))}
    kept = _read()["numbers"]
    return {code: max(known.get(code, 0), kept.get(code, 0)) for code in {*known, *kept}}


def number_of(site: Site | None) -> int:
    return _read()["numbers"].get(site.code if site else HOUSE, 0)


def behind() -> list[str]:
    """Codes of sites whose database is older than their last destruction, or than an agreement that was
    withdrawn since and that nothing holds: restored from a backup.
    """
    with transaction.atomic(), acting(sites=Site.objects.values_list("pk", flat=True)):
        done = Destruction.objects.exclude(finished_at=None).order_by().values("site__code")
        known = {row["site__code"] or HOUSE: row["last"] for row in done.annotate(last=Max("number"))}
        agreed = [one.client for one in back_again().select_related("client__site")]
        again = {client.site.code for client in agreed if not is_client_held(client)}
    older = {code for code, last in _read()["numbers"].items() if known.get(code, 0) < last}
    return sorted(older | again)


def catch_up() -> None:
    """Write again the schedules and holds that a restored database has not, and lift those that were."""
    with transaction.atomic(), acting(sites=Site.objects.values_list("pk", flat=True)):
        for kept in serializers.deserialize("json", _read()["rows"]):
            row = kept.object
            if isinstance(row, LegalHold):
                _hold_again(row)
            elif not RetentionSchedule.objects.filter(
                organisation=row.organisation_id, version=row.version
            ).exists():
                row.pk = None
                row.save()


def _hold_again(row: LegalHold) -> None:
    known = LegalHold.objects.filter(ref=row.ref).first()
    if known is None:
        row.pk = None
        row.save()
    elif known.lifted_at is None and row.lifted_at is not None:
        known.lifted_at, known.lifted_by, known.lifted_why = row.lifted_at, row.lifted_by, row.lifted_why
        known.save(update_fields=["lifted_at", "lifted_by", "lifted_why"])
