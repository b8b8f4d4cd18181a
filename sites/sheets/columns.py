"""What a paper sheet asks: its columns, in the order in which they are printed and typed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from sites.places.models import Site

TIME, NUMBER, CHOICE, TEXT, DAY, ANSWER = "time", "number", "choice", "text", "day", "answer"
# How many of a list's codes one cell takes, when typed in.
TWO = 2

Words = Promise | str
Options = list[tuple[str, str]]


@dataclass(frozen=True)
class Column:
    """One column. `codes`: the list whose words are written; `many`: up to two of them.

    `width` is a share of the line on paper. `needed`: without it the row cannot be typed in.
    """

    name: str
    words: Words
    form: str = CHOICE
    codes: str = ""
    many: bool = False
    width: int = 2
    needed: bool = False
    options: Callable[[Site], Options] | None = None


@dataclass(frozen=True)
class Line:
    """A row as it was typed, read: times are instants, choices codes, `given` False where it is empty."""

    number: int
    ref: str
    cells: dict

    def __getitem__(self, name: str):
        return self.cells.get(name)

    def data(self, *names: str) -> dict:
        """Of these columns, those that hold something."""
        return {name: self.cells[name] for name in names if self.cells.get(name) not in (None, "", [])}


@dataclass(frozen=True)
class Fact:
    """One record that a row means."""

    kind: str
    data: dict
    at: datetime


@dataclass(frozen=True)
class Sheet:
    """A form on paper. `head`: asked once, on top; `columns`: one row a person, step, count or tally.

    `facts` reads the head and the rows; it is given rows in order and names nothing that is not there.
    `fixed`: rows that the sheet prints itself, (ref, words of the first cells), as the lots of a count.
    """

    name: str
    title: Words
    hint: Words
    columns: tuple[Column, ...]
    facts: Callable[[Site, dict, list[Line]], list[tuple[Line, Fact]]]
    head: tuple[Column, ...] = ()
    rows: int = 14
    wide: bool = False
    fixed: Callable[[Site], list[tuple[str, list[str]]]] | None = None
    fixed_words: tuple[Words, ...] = ()
    permission: str = ""
