"""How a file is read: which field each column fills, which code each value means, what holds for all rows.

{"columns": {"3": "route"}, "values": {"route": {digest: code}}, "always": {"location": "booth"},
 "order": "dmy", "night": "calendar", "undeclared": "used"}. Values are named by a keyed digest, so that no
content of a file is in it; a value without a code is left empty.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from sites.imports.catalogue import REGISTERS
from sites.imports.fields import DAY, MOMENT, TIME, Field, Register
from sites.imports.guessing import plain
from sites.imports.models import Import
from sites.imports.terms import CALENDAR_NIGHT, USED
from sites.keyring.services import key, mac
from sites.places.models import Site

SEPARATORS = re.compile(r"\s*[;,/+|&\n]\s*|\s+(?:et|and)\s+", re.IGNORECASE)
LEFT_EMPTY = "-"


@dataclass
class Mapping:
    site: Site
    register: Register
    columns: dict[int, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    always: dict[str, str] = field(default_factory=dict)
    order: str = ""
    night: str = CALENDAR_NIGHT
    undeclared: str = USED

    @cached_property
    def fields(self) -> dict[int, Field]:
        """Column → field, of those that are imported."""
        known = self.register.all_fields()
        return {column: known[name] for column, name in self.columns.items() if name in known}

    def column_of(self, name: str) -> int | None:
        return next((column for column, one in self.fields.items() if one.name == name), None)

    @property
    def splits_night(self) -> bool:
        """A date and an hour in two columns: after midnight, whose date is it?"""
        forms = {one.form for one in self.fields.values()}
        return {DAY, TIME} <= forms and MOMENT not in forms

    def lacks(self) -> list[Field]:
        """Fields that a row cannot do without and that nothing fills."""
        filled = {one.name for one in self.fields.values()} | set(self.always)
        return [one for one in self.register.fields if one.needed and one.name not in filled]

    @property
    def says_when(self) -> bool:
        forms = {one.form for one in self.fields.values()}
        return MOMENT in forms or (DAY in forms and (TIME in forms or self.register.day_only))

    def as_json(self) -> dict:
        return {
            "columns": {str(column): name for column, name in self.columns.items()},
            "values": self.values,
            "always": self.always,
            "order": self.order,
            "night": self.night,
            "undeclared": self.undeclared,
        }


def mapping_of(imported: Import) -> Mapping:
    return read_mapping(imported.site, REGISTERS[imported.kind], imported.mapping)


def read_mapping(site: Site, register: Register, told: dict) -> Mapping:
    columns = {int(column): name for column, name in told.get("columns", {}).items()}
    rest = {name: told[name] for name in ("values", "always", "order", "night", "undeclared") if name in told}
    return Mapping(site, register, columns, **rest)


class Digests:
    """What a value is called in a mapping: 16 hexadecimal digits, under the site's own key."""

    def __init__(self, site: Site):
        self.secret, self.seen = key(site, "handle"), {}

    def __getitem__(self, text: str) -> str:
        name = plain(text)
        if name not in self.seen:
            self.seen[name] = mac(self.secret, f"import value|{name}").hex()[:16]
        return self.seen[name]


def headings_digest(site: Site, headings: Iterable[str]) -> bytes:
    return mac(key(site, "handle"), "import headings|" + "|".join(map(plain, headings)))


def parts_of(one: Field, text: str) -> list[str]:
    """What a cell of codes names: one value, or several."""
    return [part for part in SEPARATORS.split(text.strip()) if part] if one.many else [text.strip()]
