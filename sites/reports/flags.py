"""What happened around a site, on every chart: one list of letters a page, one flag a chart for each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sites.context.queries import Happened, happened_between
from sites.places.models import Site
from sites.reports.drawing import Place, px

WIDE, HIGH = 21.0, 19.0
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Marked:
    """Something that happened, with the letter that stands for it on the charts of a page."""

    letter: str
    happened: Happened


@dataclass
class Flag:
    x: str
    y: str
    letter: str


def marked(site: Site, first: date, last: date) -> list[Marked]:
    """All that happened in these days, the oldest first."""
    return lettered(happened_between(site, first, last))


def lettered(happened: Sequence[Happened]) -> list[Marked]:
    return [Marked(*pair) for pair in zip(letters(len(happened)), happened, strict=True)]


def flags(marks: Iterable[Marked], place: Place) -> list[Flag]:
    """Where each stands on one chart, by the day it began; one under the other where they would touch."""
    taken: list[tuple[float, float]] = []
    found = []
    for mark in marks:
        at = place(mark.happened.first)
        if at is None:
            continue
        x, y = at
        while any(abs(x - other) < WIDE and abs(y - level) < HIGH for other, level in taken):
            y += HIGH
        taken.append((x, y))
        found.append(Flag(px(x), px(y), mark.letter))
    return found


def letters(count: int) -> Sequence[str]:
    """A, B … Z, AA, AB …"""
    return [(ALPHABET[n // 26 - 1] if n >= 26 else "") + ALPHABET[n % 26] for n in range(count)]
