"""The chain over the trail: each row gets a keyed code of itself and of the code before it.

No writer waits for it: the worker chains what it finds, at most a minute behind. The key is outside the
database, so who may change every row of it still cannot make a code that fits.
"""

import hmac
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Now

from harmreduction.pg.scope import acting
from sites.keyring.services import key
from sites.places.models import Site
from sites.trail.models import TrailEntry, TrailLink

BATCH = 2000
# A row may be committed after rows that were numbered later; no transaction of ours lasts as long.
LATE = timedelta(hours=1)
START = bytes(32)
LOCK = 0x7261696C  # one process chains at a time
FIELDS = ("id", "at", "actor", "device", "site_id", "action", "about", "about_id", "why")


def chain_key() -> bytes:
    return key(None, "trail")


def code_of(secret: bytes, position: int, before: bytes, row: Iterable) -> bytes:
    """HMAC-SHA256 over the position, the code before and the row's FIELDS; 32 bytes."""
    said = [position, before.hex(), *(_plain(value) for value in row)]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(secret, text.encode("utf-8", "surrogatepass"), sha256).digest()


def _plain(value):
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def chain_trail() -> int:
    """Chain every row that is not yet; answer how many. One transaction a batch."""
    total = 0
    while chained := _chain_batch():
        total += chained
        if chained < BATCH:
            break
    return total


def _chain_batch() -> int:
    with transaction.atomic(), acting(sites=Site.objects.values_list("pk", flat=True)):
        one_at_a_time()
        rows = list(unchained().filter(at__gte=chained_before()).values_list(*FIELDS)[:BATCH])
        if rows:
            TrailLink.objects.bulk_create(_links(last_link(), rows))
    return len(rows)


def one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])


def chained_before() -> datetime:
    """Every row written before this was chained; the beginning of time when nothing was.

    A row of a clock that is ahead says nothing of when it was chained: the end is the last that the database,
    whose clock is one for all machines, does not find in the future.
    """
    at = TrailEntry.objects.filter(pk=OuterRef("entry_id")).values("at")
    ends = TrailLink.objects.annotate(at=Subquery(at)).filter(at__lte=Now()).order_by("-position")
    end = ends.values_list("at", flat=True).first()
    return end - LATE if end else datetime.min.replace(tzinfo=UTC)


def last_link() -> TrailLink | None:
    return TrailLink.objects.order_by("-position").first()


def unchained() -> QuerySet[TrailEntry]:
    """Rows without a place in the chain, in the order of their numbers."""
    linked = TrailLink.objects.filter(entry_id=OuterRef("pk"))
    return TrailEntry.objects.filter(~Exists(linked)).order_by("pk")


def _links(last: TrailLink | None, rows: list[tuple]) -> list[TrailLink]:
    position, before = (last.position, bytes(last.code)) if last else (0, START)
    secret, links = chain_key(), []
    for row in rows:
        position += 1
        before = code_of(secret, position, before, row)
        links.append(TrailLink(position=position, entry_id=row[0], code=before))
    return links
