"""The one list of what needs a person: every kind's rows side by side, the oldest first."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, JSONField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from sites.places.models import Site
from sites.review.kinds import KINDS, Kind
from sites.review.models import Finding


@dataclass(frozen=True)
class Item:
    """One row of the list. `rule` and `said` are those of what a look found, else empty."""

    kind: str
    ref: uuid.UUID
    at: datetime
    day: date
    rule: str = ""
    said: dict | None = None

    @property
    def key(self) -> str:
        """Names it in a form."""
        return f"{self.kind}:{self.ref}:{self.rule}"


@dataclass(frozen=True)
class Wanted:
    """Which part of the list: before an instant, of some service days, one rule; None is all."""

    before: datetime | None = None
    days: Collection[date] | None = None

    def of(self, kind: Kind, rows: QuerySet) -> QuerySet:
        if self.before:
            rows = rows.filter(**{f"{kind.at}__lt": self.before})
        if self.days is not None:
            rows = rows.filter(**{f"{kind.day}__in": list(self.days)})
        return rows


ALL = Wanted()


def items(
    site: Site, kinds: Iterable[Kind], wanted: Wanted = ALL, *, first: int = 0, most: int | None = None
) -> list[Item]:
    """What waits, the oldest first. One query, whatever the kinds and the history."""
    listed = _side_by_side([_columns(kind, wanted.of(kind, kind.rows(site))) for kind in kinds])
    if listed is None:
        return []
    rows = listed.order_by("item_at", "item_kind", "item_ref")
    return [Item(*row) for row in (rows[first : first + most] if most is not None else rows)]


def counts(site: Site, kinds: Iterable[Kind], wanted: Wanted = ALL) -> dict[str, int]:
    """How many of each kind wait, in the registry's order; those of which none does are left out."""
    counted = counting(site, kinds, wanted)
    return in_order(counted) if counted is not None else {}


def counting(site: Site, kinds: Iterable[Kind], wanted: Wanted = ALL) -> QuerySet | None:
    """[(code, how many)]; None of no kind."""
    return _side_by_side(
        [
            wanted.of(kind, kind.rows(site)).order_by().annotate(item_kind=_text(kind.code.value))
            .values("item_kind").annotate(n=Count("pk")).values_list("item_kind", "n")
            for kind in kinds
        ]
    )  # fmt: skip


def in_order(counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    """`counts` from what was read."""
    found = dict(counted)
    return {code: found[code] for code in KINDS if found.get(code)}


def _side_by_side(rows: Sequence[QuerySet]) -> QuerySet | None:
    return rows[0].union(*rows[1:], all=True) if rows else None


def _columns(kind: Kind, rows: QuerySet) -> QuerySet:
    finding = rows.model is Finding
    named = {
        "item_kind": _text(kind.code.value),
        "item_ref": F(kind.ref),
        "item_at": F(kind.at),
        "item_day": F(kind.day),
        "item_rule": F("rule") if finding else _text(""),
        "item_said": F("said") if finding else Cast(Value(None), JSONField()),
    }
    return rows.order_by().annotate(**named).values_list(*named)


def _text(words: str) -> Cast:
    return Cast(Value(words), TextField())
