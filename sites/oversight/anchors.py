"""Where the trail begins once its first days were destroyed, and how the next of them goes.

An anchor is signed with the key of the heads, and says what no head says: that rows may be missing before it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from sites.oversight.chain import START, chain_key, code_of
from sites.oversight.heads import is_signed, keep_beside_keys, kept_beside_keys, public_key, signer
from sites.trail.models import TrailAnchor, TrailLink

FILE = "trail-anchor.json"
CHUNK = 2000
# The columns are those of chain.FIELDS, in their order.
LINKED = """
    select link.position, link.code, link.entry_id,
      entry.id, entry.at, entry.actor, entry.device, entry.site_id, entry.action, entry.about,
      entry.about_id, entry.why
    from scs_traillink link left join scs_trailentry entry on entry.id = link.entry_id
    where link.position > %s and link.position <= %s order by link.position
"""
FIRST = """
    select l.position, e.at from scs_traillink l join scs_trailentry e on e.id = l.entry_id
    where l.position > %s and e.at >= %s order by l.position limit 1
"""
DAYS = """
    select bool_or(scs_trail_held(day)) from (
      select distinct (e.at at time zone 'UTC')::date as day
      from scs_traillink l join scs_trailentry e on e.id = l.entry_id
      where l.position > %s and l.position <= %s) days
"""


@dataclass(frozen=True)
class Anchor:
    """What is signed: the rows up to this position, with this code, were destroyed; `rows` of them now."""

    at: datetime
    day: date
    position: int
    rows: int
    code: bytes

    @property
    def text(self) -> bytes:
        """Begins as no head does, so that none can be passed off as an anchor."""
        told = (self.at.isoformat(), self.day.isoformat(), self.position, self.rows, self.code.hex())
        return "|".join(map(str, ("anchor", *told))).encode()


@dataclass(frozen=True)
class Part:
    """The rows of one closed day at the beginning of the trail: those after `before`, up to `last`.

    `stays`: a hold covers it, or a row of it is not as it was written; then all that follows stays too.
    """

    day: date
    before: int
    last: int
    stays: bool

    @property
    def rows(self) -> int:
        return self.last - self.before


def anchor_of(row: TrailAnchor) -> Anchor:
    return Anchor(row.at, row.day, row.position, row.rows, bytes(row.code))


def holds_good(row: TrailAnchor) -> bool:
    return is_signed(anchor_of(row), bytes(row.signature), public_key())


def beginning() -> tuple[int, bytes]:
    """The last position that was destroyed, and its code, by the newest anchor that is truly ours."""
    for row in TrailAnchor.objects.order_by("-position").iterator(chunk_size=CHUNK):
        if holds_good(row):
            return row.position, bytes(row.code)
    return 0, START


def linked_rows(after: int, until: int) -> Iterator[tuple]:
    """(position, code, entry, *FIELDS) of each link in these; the fields are None where the row is gone."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(LINKED, [after, until])
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def parts(since: date) -> Iterator[Part]:
    """The whole days before this one, oldest first, from where the trail begins now."""
    before = beginning()[0]
    while part := _next(before, since):
        yield part
        before = part.last


def _next(before: int, since: date) -> Part | None:
    with connection.cursor() as cursor:
        first = _first(cursor, before, datetime.min.replace(tzinfo=UTC))
        if first is None or (day := first[1].astimezone(UTC).date()) >= since:
            return None
        end = datetime.combine(day + timedelta(days=1), time.min, UTC)
        later = _first(cursor, before, end)
        if later is None:  # the end of the trail stays: the next row is chained to it
            return None
        last = later[0] - 1
        cursor.execute(DAYS, [before, last])
        held = bool(cursor.fetchone()[0])
    return Part(day, before, last, stays=held or not _is_sound(before, last))


def _first(cursor, after: int, at: datetime) -> tuple[int, datetime] | None:
    cursor.execute(FIRST, [after, at])
    return cursor.fetchone()


def _is_sound(after: int, last: int) -> bool:
    """Whether each of these rows is there as it was written: no trace of tampering is destroyed."""
    secret, (begins, code) = chain_key(), beginning()
    before = code if after == begins else code_at(after)
    expected = after
    for position, linked, _entry, *row in linked_rows(after, last):
        expected += 1
        if position != expected or row[0] is None or code_of(secret, position, before, row) != bytes(linked):
            return False
        before = bytes(linked)
    return expected == last


def code_at(position: int) -> bytes:
    """The code of a link; b"" when it is not there."""
    return bytes(TrailLink.objects.filter(pk=position).values_list("code", flat=True).first() or b"")


def drop_anchor(part: Part) -> TrailAnchor:
    """Sign where the trail begins after this part; the caller destroys it in the same transaction."""
    code = code_at(part.last)
    anchor = Anchor(timezone.now(), part.day, part.last, part.rows, code)
    row = TrailAnchor.objects.create(
        at=anchor.at, day=anchor.day, position=anchor.position, rows=anchor.rows, code=code,
        signature=signer().sign(anchor.text),
    )  # fmt: skip
    keep_beside_keys(FILE, {"position": row.position, "day": row.day.isoformat()})
    return row


def destroyed_before() -> int:
    """The position up to which this machine remembers to have destroyed, whatever the database says."""
    said = kept_beside_keys(FILE)
    return int(json.loads(said)["position"]) if said else 0
