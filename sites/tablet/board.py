"""The live board: everything that the room's page and `GET /api/v1/board` show, read at one instant."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import Q

from harmreduction.pg.at_once import Composed
from sites.clockwork.services import now
from sites.naloxone.queries import (
    LotOnHand,
    Rules,
    expiring,
    held_today,
    lots_of,
    low_shelves,
    told_rules,
    usable_by_shelf,
)
from sites.naloxone.terms import ProductKind
from sites.naloxone.terms import Stock as StockName
from sites.overdoses.models import OverdoseEvent
from sites.places.models import Booth, Room, Site
from sites.places.queries import day_bounds, today
from sites.signals.models import SupplyWarning
from sites.signals.queries import warnings_at
from sites.visits.models import Visit
from sites.visits.queries import (
    Named,
    airing_until,
    allows,
    booths,
    last_look,
    minutes,
    shown_since,
    told_apart,
)
from sites.visits.terms import VisitState

OVERDUE_AT = 1.5  # of the interval: a check that nobody made


@dataclass(frozen=True)
class Guest:
    """Someone who is here, and the booth that the board proposes, or when one will be aired."""

    named: Named
    minutes: int
    booth: Booth | None = None
    ready_at: datetime | None = None
    observe_until: datetime | None = None
    observe_minutes: int = 0

    @property
    def visit(self) -> Visit:
        return self.named.visit

    @property
    def version(self) -> str:
        visit = self.visit
        proposed = self.booth.label if self.booth else ""
        return digest(
            visit.pk, visit.state, visit.route, self.minutes, proposed, self.ready_at, self.observe_minutes
        )


@dataclass(frozen=True)
class Place:
    """A booth as its tile shows it. `arc` is the part of its interval gone, in hundredths: until a check
    is due, or until the air is fresh at `ready_at`.
    """

    booth: Booth
    state: str
    guest: Guest | None = None
    minutes: int = 0
    arc: int = 0
    proposed_to: Named | None = None
    event: OverdoseEvent | None = None
    ready_at: datetime | None = None

    @property
    def due(self) -> bool:
        return self.state in ("due", "overdue")

    @property
    def version(self) -> str:
        visit = self.guest.visit if self.guest else None
        what = (visit.pk, *visit.substances, visit.route) if visit else (self.booth.out_reason,)
        proposed = self.proposed_to.visit.pk if self.proposed_to else ""
        return digest(self.booth.pk, self.state, self.minutes, self.arc, proposed, *what)


@dataclass(frozen=True)
class Stock:
    """`within`: of 7, 30 and 90 days, the nearest within which some of it expires."""

    name: str
    units: int
    low: bool
    within: int | None = None


SHOWN_STOCK = {ProductKind.NALOXONE: StockName.CLINICAL, ProductKind.KIT: StockName.TAKE_HOME}
ACROSS = 4
STOCK_WIDTH = 2


@dataclass(frozen=True)
class Section:
    """A room with its places; `rows` of tiles, with the stock box in the last room."""

    room: Room
    places: list[Place]
    last: bool
    stocked: bool

    @property
    def rows(self) -> int:
        cells = len(self.places) + (STOCK_WIDTH if self.last and self.stocked else 0)
        return min(-(-cells // ACROSS), 6)

    @property
    def taken(self) -> int:
        return sum(place.guest is not None for place in self.places)

    @property
    def free(self) -> int:
        return sum(place.state in ("free", "next") for place in self.places)

    @property
    def airing(self) -> int:
        return sum(place.state == "pause" for place in self.places)


@dataclass
class Board:
    site: Site
    as_of: datetime
    waiting: list[Guest] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    aftercare: list[Guest] = field(default_factory=list)
    left: list[Named] = field(default_factory=list)
    events: list[OverdoseEvent] = field(default_factory=list)
    unfinished: list[OverdoseEvent] = field(default_factory=list)
    lots: list[LotOnHand] = field(default_factory=list)
    warnings: list[SupplyWarning] = field(default_factory=list)
    rules: Rules = field(default_factory=lambda: Rules({}))

    @property
    def sections(self) -> list[Section]:
        rooms: dict[int, list[Place]] = {}
        for place in self.places:
            rooms.setdefault(place.booth.room_id, []).append(place)
        last = next(reversed(rooms), None)
        return [
            Section(places[0].booth.room, places, pk == last, bool(self.stocks))
            for pk, places in rooms.items()
        ]

    @property
    def stocks(self) -> list[Stock]:
        """What is ready to be given: naloxone for use here, then kits to take home."""
        shown = sorted(
            (row for row in self.lots if row.lot.stock == SHOWN_STOCK.get(row.lot.product.kind)),
            key=lambda row: row.lot.product.kind == ProductKind.KIT,
        )
        low = low_shelves(shown, self.rules)
        names = {row.shelf: row.lot.product.name for row in shown}
        soon: dict = {}
        for row in expiring(shown):
            soon.setdefault(row.shelf, row.within)
        return [
            Stock(names[shelf], units, shelf in low, soon.get(shelf))
            for shelf, units in usable_by_shelf(shown).items()
        ]

    @property
    def stock_version(self) -> str:
        return digest(
            *[part for stock in self.stocks for part in (stock.name, stock.units, stock.low, stock.within)]
        )

    @property
    def empty(self) -> bool:
        return not (self.waiting or self.aftercare or any(p.guest for p in self.places))

    @property
    def version(self) -> str:
        parts = [thing.version for thing in [*self.waiting, *self.places, *self.aftercare]]
        left, events = [n.visit.pk for n in self.left], [e.ref for e in self.events]
        unfinished = [e.ref for e in self.unfinished]
        warnings = [warning.pk for warning in self.warnings]
        return digest(*parts, self.stock_version, *left, "|", *events, "|", *unfinished, "|", *warnings)


def digest(*parts) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]


@lru_cache(maxsize=256)
def _composed(site: Site, start: datetime, _day: date, _set_up: tuple) -> Composed:
    """What a board reads, as long as nothing changes that it is composed with."""
    return Composed(
        shown_since(site, start), booths(site), lots_of(site), told_rules(site), warnings_at(site)
    )


def board_of(site: Site) -> Board:
    present, day = now(), today(site)
    set_up = site.warned_until, site.organisation_id
    told = _composed(site, day_bounds(site, day)[0], day, set_up).read()
    visits, all_booths, lots, rules, warnings = told
    here, left = told_apart(visits)
    events = list(
        OverdoseEvent.objects.at(site).filter(
            Q(closed_at__isnull=True) | Q(visit_ref__in=[n.visit.ref for n in here])
        )
    )
    board = Board(site, present, left=left, lots=held_today(site, lots), rules=Rules.of(rules))
    board.warnings = warnings
    board.events = [e for e in events if e.ended_at is None]
    board.unfinished = [e for e in events if e.ended_at and e.closed_at is None]
    by_state = {state: [n for n in here if n.visit.state == state] for state in VisitState.values}
    board.aftercare = [_resting(site, named, events, present) for named in by_state[VisitState.AFTERCARE]]
    seated = {n.visit.booth_id: n for n in by_state[VisitState.IN_BOOTH]}
    free = [b for b in all_booths if b.out_since is None and b.pk not in seated]
    board.waiting = _line(by_state[VisitState.WAITING], free, present)
    proposed = {g.booth.pk: g.named for g in board.waiting if g.booth}
    board.places = [
        _place(booth, seated.get(booth.pk), proposed.get(booth.pk), board.events, present)
        for booth in all_booths
    ]
    return board


def _line(waiting: list[Named], free: list[Booth], present: datetime) -> list[Guest]:
    """Each in turn gets the first booth left that allows the declared route; no route yet, none.

    One whose air is not fresh is not proposed: it says from when it will be.
    """
    left = [booth for booth in free if not airing_until(booth, present)]
    airing = [(ready, booth) for booth in free if (ready := airing_until(booth, present))]
    guests = []
    for named in waiting:
        route = named.visit.route
        booth = next((b for b in left if route and allows(b, route)), None)
        if booth:
            left.remove(booth)
        ready = [at for at, b in airing if route and allows(b, route)] if not booth else []
        spent = minutes(named.visit.since, present)
        guests.append(Guest(named, spent, booth, ready_at=min(ready, default=None)))
    return guests


def _resting(site: Site, named: Named, events: list[OverdoseEvent], present: datetime) -> Guest:
    """Naloxone wears off before many opioids do: whoever had some is watched for the site's own time."""
    doses = [e.last_dose_at for e in events if e.visit_ref == named.visit.ref and e.last_dose_at]
    until = max(doses, default=present) + timedelta(minutes=site.observe_minutes if doses else 0)
    remaining = max(0, -(-(until - present) // timedelta(minutes=1)))
    return Guest(
        named,
        minutes(named.visit.since, present),
        observe_until=until if remaining else None,
        observe_minutes=remaining,
    )


def _place(
    booth: Booth, named: Named | None, proposed: Named | None, events: list[OverdoseEvent], present: datetime
) -> Place:
    event = next((e for e in events if _is_in(e, booth, named)), None)
    if event:
        guest = Guest(named, 0) if named else None
        return Place(booth, "alert", guest, minutes(event.opened_at, present), event=event)
    if named:
        return _used(booth, named, present)
    if booth.out_since:
        return Place(booth, "out")
    if ready := airing_until(booth, present):
        return _airing(booth, ready, present)
    freed = minutes(booth.freed_at, present) if booth.freed_at else 0
    return Place(booth, "next" if proposed else "free", minutes=freed, proposed_to=proposed)


def _airing(booth: Booth, ready: datetime, present: datetime) -> Place:
    left, whole = ready - present, timedelta(minutes=booth.room.airing_minutes)
    remaining = -(-left // timedelta(minutes=1))
    return Place(booth, "pause", minutes=remaining, arc=int(left / whole * 100), ready_at=ready)


def _is_in(event: OverdoseEvent, booth: Booth, named: Named | None) -> bool:
    return event.booth == booth.label or bool(named and event.visit_ref == named.visit.ref)


def _used(booth: Booth, named: Named, present: datetime) -> Place:
    unseen = (present - last_look(named.visit)) / timedelta(minutes=booth.room.check_minutes or 1)
    state = "overdue" if unseen >= OVERDUE_AT else "due" if unseen >= 1 else "used"
    spent = minutes(named.visit.since, present)
    return Place(booth, state, Guest(named, spent), spent, arc=min(100, int(unseen * 100)))
