"""Whether the trail is as it was written: names each row that was changed, taken out, moved or slipped in."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sites.oversight.anchors import beginning, code_at, destroyed_before, holds_good, linked_rows
from sites.oversight.chain import chain_key, chained_before, code_of, unchained
from sites.oversight.heads import Head, head_of, is_signed, kept_on_disk, public_key
from sites.trail.models import TrailAnchor, TrailHead, TrailLink

CHUNK = 2000
END = 2**62


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was written. `entry` is the number of the trail row, where one is known."""

    what: str
    position: int
    entry: int | None
    sentence: str


def trail_faults() -> Iterator[Fault]:
    """Every fault of the trail: its anchors, its rows, its heads. Reads each row once, in flat memory.

    The caller sees every site. Raises KeyMissing when the key of the chain is not on this machine.
    """
    yield from _anchor_faults()
    yield from _chain_faults()
    yield from _slipped_in()
    yield from _head_faults()


def _chain_faults() -> Iterator[Fault]:
    secret, (expected, before) = chain_key(), beginning()
    expected += 1
    for position, code, entry, *row in linked_rows(expected - 1, END):
        if position != expected:
            yield _missing_links(expected, position - 1)
        elif row[0] is None:
            yield _fault("deleted", position, entry, _("La ligne %(entry)s de la piste a été retirée."))
        elif code_of(secret, position, before, row) != bytes(code):
            yield _fault("changed", position, entry, _("La ligne %(entry)s de la piste a été modifiée."))
        expected, before = position + 1, bytes(code)


def _anchor_faults() -> Iterator[Fault]:
    """Anchors that are not ours, that do not follow each other, and what should be gone before the newest."""
    before = 0
    for row in TrailAnchor.objects.order_by("position").iterator(chunk_size=CHUNK):
        about = {"day": row.day, "position": row.position}
        if not holds_good(row):
            yield Fault(
                "anchor", row.position, None, _("L’ancre du %(day)s n’est pas signée par nous.") % about
            )
            continue
        if row.position - row.rows != before:
            sentence = _("L’ancre qui précède celle du %(day)s manque.") % about
            yield Fault("anchor", row.position, None, sentence)
        before = row.position
    if before < (known := destroyed_before()):
        sentence = _("L’ancre du maillon %(position)s manque : ce qui fut détruit est peut-être revenu.")
        yield Fault("anchor", known, None, sentence % {"position": known})
    if (again := TrailLink.objects.filter(position__lte=before).count()) > 0:
        sentence = _("%(count)s maillons d’avant l’ancre du maillon %(position)s sont encore là.")
        yield Fault("returned", before, None, sentence % {"count": again, "position": before})


def _fault(what: str, position: int, entry: int, sentence: str) -> Fault:
    return Fault(what, position, entry, sentence % {"entry": entry})


def _missing_links(first: int, last: int) -> Fault:
    sentence = _("Les maillons %(first)s à %(last)s de la piste manquent.") % {"first": first, "last": last}
    return Fault("unlinked", first, None, sentence)


def _slipped_in() -> Iterator[Fault]:
    """Rows that the worker should have chained long ago: written by another hand, or with another time."""
    slipped = unchained().filter(at__lt=chained_before())
    for entry in slipped.values_list("pk", flat=True).iterator(chunk_size=CHUNK):
        yield _fault("unchained", 0, entry, _("La ligne %(entry)s n’est pas dans la chaîne."))


def _head_faults() -> Iterator[Fault]:
    ours = public_key()
    for row in TrailHead.objects.order_by("pk").iterator(chunk_size=CHUNK):
        yield from head_faults(head_of(row), bytes(row.signature), ours)
    if kept := kept_on_disk():
        head, signature, _public = kept
        yield from head_faults(head, signature, ours)


def head_faults(head: Head, signature: bytes, public: str) -> Iterator[Fault]:
    """Whether a signed head, ours or one that came back from outside, still fits the chain."""
    about = {"at": f"{head.at:%Y-%m-%d %H:%M} UTC", "position": head.position}
    if not is_signed(head, signature, public):
        sentence = _("La signature du %(at)s ne correspond pas.") % about
        yield Fault("signature", head.position, None, sentence)
        return
    begins, anchored = beginning()
    if head.position < begins:
        return  # what it speaks of was destroyed, under the signature of an anchor
    code = code_at(head.position) if head.position > begins else anchored
    if not code:
        sentence = _("La piste s’arrête avant le maillon %(position)s, signé le %(at)s.") % about
        yield Fault("cut", head.position, None, sentence)
    elif code != head.code:
        sentence = _("Le maillon %(position)s n’est plus celui qui a été signé le %(at)s.") % about
        yield Fault("head", head.position, None, sentence)
