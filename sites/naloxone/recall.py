"""A lot number is recalled: where it is on hand and in which weeks it went out, without naming anyone."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import F, Q

from sites.naloxone.models import InTransit, KitComponent, Lot, StockMovement
from sites.naloxone.terms import Move
from sites.places.models import Site

# Where a unit of the lot went, as far as a recall asks; what was adjusted or moved about is not told.
GIVEN = {Move.KIT_GIVEN, Move.SINGLE_GIVEN, Move.GIVEN}
USED = {Move.ADMINISTERED}
REMOVED = {Move.WASTED, Move.MISFIRE, Move.EXPIRED, Move.RECALLED}


@dataclass(frozen=True)
class Held:
    """Units of the recalled number in one lot of one site; `inside` says how many each kit holds."""

    site: Site
    lot: Lot
    units: int
    inside: int

    @property
    def recalled_units(self) -> int:
        return self.units * self.inside


@dataclass
class Week:
    """Units of the recalled number, by Monday."""

    monday: date
    given: int = 0
    used: int = 0
    removed: int = 0

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


@dataclass
class Drill:
    """The answer, at the sites that the person may see."""

    lot_code: str
    held: list[Held] = field(default_factory=list)
    weeks: list[Week] = field(default_factory=list)
    in_transit: int = 0
    received: int = 0

    @property
    def on_hand(self) -> int:
        return sum(one.recalled_units for one in self.held)

    @property
    def given(self) -> int:
        return sum(week.given for week in self.weeks)

    @property
    def used(self) -> int:
        return sum(week.used for week in self.weeks)

    @property
    def removed(self) -> int:
        return sum(week.removed for week in self.weeks)


def drill(sites: Collection[Site], lot_code: str) -> Drill | None:
    """Everything known of a lot number, kits made from it included; None when no site has it."""
    lots = Lot.objects.filter(site__in=sites, lot_code__iexact=lot_code).select_related("product", "site")
    inside: dict[tuple[int, object], int] = {(lot.site_id, lot.ref): 1 for lot in lots}
    own = {lot.ref for lot in lots}
    if not own:
        return None
    parts = KitComponent.objects.filter(site__in=sites, lot_ref__in=own)
    for part in parts:
        key = (part.site_id, part.batch_ref)
        inside[key] = inside.get(key, 0) + part.units
    refs = {ref for _site, ref in inside}
    answer = Drill(lot_code=lots[0].lot_code)
    _weigh(answer, sites, refs, inside)
    way = InTransit.objects.filter(site__in=sites, lot_code__iexact=lot_code)
    rows = way.values_list("transfer", "other_id", "outgoing", "site_id", "units")
    answer.in_transit = _once(rows)
    answer.received -= _moved_within(sites, way)
    return answer


def _weigh(answer: Drill, sites, refs: set, inside: dict) -> None:
    on_hand: Counter = Counter()
    weeks: dict[date, Week] = {}
    rows = StockMovement.objects.filter(site__in=sites, lot_ref__in=refs)
    for site_id, ref, move, units, day in rows.values_list(
        "site_id", "lot_ref", "move", "units", "service_date"
    ):
        each = inside.get((site_id, ref), 0)
        on_hand[site_id, ref] += units
        if move == Move.RECEIVED and each:
            answer.received += units * each
        monday = day - timedelta(days=day.weekday())
        week = weeks.setdefault(monday, Week(monday))
        for name, moves in (("given", GIVEN), ("used", USED), ("removed", REMOVED)):
            if move in moves:
                setattr(week, name, getattr(week, name) - units * each)
    answer.weeks = [w for _monday, w in sorted(weeks.items()) if w.given or w.used or w.removed]
    lots = Lot.objects.filter(site__in=sites, ref__in=refs).select_related("product", "site")
    answer.held = [
        Held(lot.site, lot, on_hand[lot.site_id, lot.ref], inside[lot.site_id, lot.ref])
        for lot in lots.order_by("site__code", "product__code", "stock")
        if on_hand[lot.site_id, lot.ref] and (lot.site_id, lot.ref) in inside
    ]


def _moved_within(sites: Collection[Site], way) -> int:
    """Units that came from a site in sight: they were received there already."""
    seen = {site.pk for site in sites}
    arrived = way.filter(what=InTransit.What.ARRIVED, other__in=seen)
    rows = arrived.filter(Q(outgoing=False) | Q(site=F("other"))).values_list("units", flat=True)
    return -sum(rows)


def _once(rows) -> int:
    """Both ends hold a copy of each row: where both are in sight, one is enough."""
    by_transfer: dict[object, dict[tuple, int]] = defaultdict(lambda: defaultdict(int))
    for transfer, other, outgoing, site, units in rows:
        by_transfer[transfer][site, other, outgoing] += units
    return sum(next(iter(ends.values())) for ends in by_transfer.values())


def numbers(sites: Collection[Site]) -> list[str]:
    """Every lot number that these sites know, newest first."""
    known = Lot.objects.filter(~Q(lot_code=""), site__in=sites).order_by("-first_received_at")
    return list(dict.fromkeys(known.values_list("lot_code", flat=True)))
