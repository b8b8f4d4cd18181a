"""What the pages of the counter show, and what their forms write."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from sites.clockwork.services import now
from sites.codes.queries import in_force, label, values
from sites.people.models import Staff
from sites.places.models import Site
from sites.places.queries import day_bounds, today
from sites.records.models import Record
from sites.records.together import Outcome, write
from sites.supplies.models import SupplyAct, SupplyLine
from sites.supplies.queries import acts_of, on_shelf, usual_baskets
from sites.supplies.terms import (
    ANY_NEEDLE,
    BIN,
    BY_BIN,
    BY_WEIGHT,
    COUNTED,
    GIVEN,
    PICKED_UP,
    RETURNED,
    USED,
    Direction,
)

DETAIL = " · "
LONGEST_NUMBER = 6


@dataclass
class Item:
    """An item as a tile: `name` and `detail` are the two parts of its label."""

    code: str
    name: str
    detail: str
    common: bool
    typed: str = ""
    left: int | None = None  # pieces, where the site counts them and has few


@dataclass
class Usual:
    """A usual basket, ready to be put in the tray."""

    key: str
    name: str
    lines: list[dict]

    @property
    def contents(self) -> str:
        return ", ".join(f"{line['quantity']} {parts_of(line['item'])[0]}" for line in self.lines)


def parts_of(item: str) -> tuple[str, str]:
    name, _sep, detail = label("supply", item).partition(DETAIL)
    return name, detail


def _offered(list_name: str, day: date) -> list:
    return [value for value in values(list_name).values() if in_force(value, day)]


def items(site: Site, typed) -> list[Item]:
    """What may be handed out today, with the numbers that are typed."""
    left = {item: units for item, (units, few) in on_shelf(site).items() if few}
    return [
        Item(
            value.code,
            *parts_of(value.code),
            value.common,
            typed.get(f"out-{value.code}", "").strip(),
            left.get(value.code),
        )
        for value in _offered("supply", today(site))
        if value.group != USED
    ]


def back_fields(site: Site, typed) -> list[dict]:
    """What may come back: syringes counted, their weight, containers. [{"name", "words", "typed"}]"""
    fields = [(COUNTED, _("Seringues comptées")), (BY_WEIGHT, _("Seringues, en grammes"))]
    fields += [(v.code, parts_of(v.code)[0]) for v in _offered("supply", today(site)) if v.group == BIN]
    return [
        {"name": f"back-{key}", "words": words, "typed": typed.get(f"back-{key}", "").strip()}
        for key, words in fields
    ]


def usual(site: Site, english: bool) -> list[Usual]:
    return [
        Usual(str(key), (basket["name_en"] if english else "") or basket["name_fr"] or _("Souvent remis"),
              basket["lines"])
        for key, basket in enumerate(usual_baskets(site))
    ]  # fmt: skip


def with_basket(typed: dict, basket: Usual) -> dict:
    """The numbers with a basket put in the tray."""
    more = dict(typed)
    for line in basket.lines:
        name = f"out-{line['item']}"
        held = more.get(name, "").strip()
        more[name] = str((int(held) if is_number(held) else 0) + line["quantity"])
    return more


# --- Writing -----------------------------------------------------------------------------
def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def _quantity(text: str) -> int | str:
    return int(text) if is_number(text) else text


def out_lines(site: Site, typed) -> list[dict]:
    return [
        {"item": item.code, "quantity": _quantity(item.typed)}
        for item in items(site, typed)
        if item.typed not in ("", "0")
    ]


def back_lines(site: Site, typed) -> list[dict]:
    lines = []
    for told in back_fields(site, typed):
        key = told["name"].removeprefix("back-")
        if told["typed"] in ("", "0"):
            continue
        counted = key in (COUNTED, BY_WEIGHT)
        lines.append(
            {
                "item": ANY_NEEDLE if counted else key,
                "quantity": _quantity(told["typed"]),
                "method": key if counted else BY_BIN,
            }
        )
    return lines


@dataclass
class Told:
    """What one form says: of what goes out, of what comes back, or of a pick-up."""

    out: dict = field(default_factory=dict)
    back: dict = field(default_factory=dict)
    picked_up: dict | None = None


def tell(request, record_id: uuid.UUID, told: Told, at: datetime) -> Outcome:
    """Write what is in the tray as records of one moment; what stands against it comes back in words."""
    site, typed = request.site, request.POST
    going, coming = out_lines(site, typed), back_lines(site, typed)
    rows: list[tuple[uuid.UUID, str, dict]] = []
    if told.picked_up is not None:
        rows += [(record_id, PICKED_UP, {"lines": coming, **told.picked_up})] if coming else []
    else:
        rows += [(record_id, GIVEN, {"lines": going, **told.out})] if going else []
        if coming:
            rows.append((uuid.uuid5(record_id, "returned"), RETURNED, {"lines": coming, **told.back}))
    if not rows:
        return Outcome(problems=[("lines", _("Rien n’est écrit : toucher un panier ou un article."))])
    return write(request, rows, at)


def moment_of(site: Site, day: date) -> datetime:
    """The hour it is, on that service day."""
    present = now()
    since = present - day_bounds(site, today(site))[0]
    begins, ends = day_bounds(site, day)
    return present if day == today(site) else min(begins + since, ends - timedelta(seconds=1))


def typed_day(site: Site, text: str) -> date | None:
    """A service day up to the one that runs; None for what is not one."""
    try:
        day = parse_date(text.strip()) if text.isascii() else None
    except ValueError:
        return None
    return day if day and day <= today(site) and day.year >= 2000 else None


# --- The day's list ----------------------------------------------------------------------
@dataclass
class Passage:
    """One act of the day, in words."""

    act: SupplyAct
    who: str

    @property
    def lines(self) -> list[str]:
        return [line_words(line) for line in self.act.lines.all()]

    @property
    def where(self) -> str:
        act = self.act
        told = [
            label(name, code)
            for name, code in (
                ("location_kind", act.location_kind), ("partner", act.partner), ("area", act.area),
                ("for_whom", act.for_whom),
            )
            if code
        ]  # fmt: skip
        return DETAIL.join(told)


def line_words(line: SupplyLine) -> str:
    """10 × Seringue 1 cc, 27G ½ po; 1 200 g → environ 240 seringues."""
    name = ", ".join(part for part in parts_of(line.item) if part)
    if line.method == BY_WEIGHT:
        return _("%(grams)s g, environ %(n)s seringues") % {"grams": line.quantity, "n": line.syringes}
    words = f"{line.quantity} × {name}"
    if line.method == BY_BIN:
        return _("%(bins)s, environ %(n)s seringues") % {"bins": words, "n": line.syringes}
    return words


@dataclass
class CounterDay:
    """What went out and came in on one service day."""

    passages: list[Passage]
    out: list[tuple[str, int]]
    back: list[tuple[str, int, int]]

    @property
    def is_empty(self) -> bool:
        return not self.passages


def counter_day(site: Site, day: date) -> CounterDay:
    acts = acts_of(site, day)
    shown = [act.record_id for act in acts]
    by = dict(Record.objects.at(site).filter(record_id__in=shown).values_list("record_id", "by"))
    names = dict(Staff.objects.filter(code__in=set(by.values())).values_list("code", "display_name"))
    lines = [line for act in acts for line in act.lines.all()]
    return CounterDay(
        [Passage(act, names.get(by.get(act.record_id, ""), "")) for act in acts],
        _totals_out(lines),
        _totals_back(lines),
    )


def _totals_out(lines: list[SupplyLine]) -> list[tuple[str, int]]:
    """(item, how many) in the order of the list."""
    sums: dict[str, int] = {}
    for line in lines:
        if line.direction == Direction.OUT:
            sums[line.item] = sums.get(line.item, 0) + line.quantity
    return [(label("supply", code), sums[code]) for code in values("supply") if code in sums]


def _totals_back(lines: list[SupplyLine]) -> list[tuple[str, int, int]]:
    """(how it was counted, syringes brought back, syringes picked up)."""
    sums: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.direction != Direction.OUT:
            key = (line.method, line.direction)
            sums[key] = sums.get(key, 0) + line.syringes
    return [
        (
            label("return_method", method),
            sums.get((method, Direction.BACK), 0),
            sums.get((method, Direction.PICKED_UP), 0),
        )
        for method in (COUNTED, BY_WEIGHT, BY_BIN)
        if any(name == method for name, _direction in sums)
    ]
