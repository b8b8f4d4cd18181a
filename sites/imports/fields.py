"""What a column of a register may hold, and what a register is."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sites.codes.queries import label, values
from sites.places.models import Site
from sites.sheets.columns import Fact, Line, Options, Words
from sites.supplies.terms import USED

MOMENT, DAY, TIME, AFTER = "moment", "day", "time", "after"
CODE, NUMBER, ANSWER, HANDLE = "code", "number", "answer", "handle"
ITEM = "item-"


@dataclass(frozen=True)
class Field:
    """One thing a column may hold.

    `codes`: the list whose codes its values are given; `many`: several in one cell; `options` stand in for a
    list. `headings`: what registers call it, beside its own words. `always`: one answer may be given for all
    rows; `needed`: without it a row says nothing.
    """

    name: str
    words: Words
    form: str = CODE
    codes: str = ""
    many: bool = False
    options: Callable[[Site], Options] | None = None
    headings: tuple[str, ...] = ()
    always: bool = False
    needed: bool = False

    @property
    def has_values(self) -> bool:
        return self.form == CODE

    def offered(self, site: Site) -> Options:
        """Every code it may take, past ones included: (code, words)."""
        if self.options:
            return self.options(site)
        return [(code, label(self.codes, code)) for code in values(self.codes)]


@dataclass(frozen=True)
class Register:
    """One kind of register. `facts` reads a row; `shown`: kinds of record counted by day on screen.

    `day_only`: a row may have no hour. `beside`: the number that tells what those days hold already.
    """

    name: str
    title: Words
    hint: Words
    fields: tuple[Field, ...]
    facts: Callable[[Line], list[Fact]]
    shown: tuple[str, ...]
    beside: str
    day_only: bool = False
    per_item: bool = False

    def all_fields(self) -> dict[str, Field]:
        """By name; of supplies also one for the pieces of each article, as tallies by day have them."""
        found = {field.name: field for field in self.fields}
        return found | {field.name: field for field in _items()} if self.per_item else found


def _items() -> list[Field]:
    return [
        Field(
            ITEM + code,
            _("Nombre : %(name)s") % {"name": label("supply", code)},
            NUMBER,
            headings=(value.label_fr, value.label_en),
        )
        for code, value in values("supply").items()
        if value.group != USED
    ]
