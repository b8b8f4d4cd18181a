"""The same records, folds and rows as `records.services.submit`, written many at a time.

Nothing is judged here: whoever tells a history keeps to the rules (tests prove that `submit` takes
the same records and leaves the same rows).
"""

import hmac
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sites.clients.models import DayToken, MonthToken
from sites.keyring.services import key
from sites.logbook import services as logbook
from sites.naloxone import kits
from sites.naloxone.ledger import Wanted
from sites.naloxone.models import KitComponent, Lot, Product, StockMovement
from sites.naloxone.services import movements
from sites.naloxone.terms import COUNTS, FOUNDING, Move, usual_stock
from sites.overdoses import services as overdoses
from sites.overdoses.models import OverdoseEvent
from sites.places.models import Booth, Site
from sites.places.queries import day_bounds, service_date
from sites.records.envelopes import CONTENT
from sites.records.models import Record
from sites.records.stories import KINDS, Telling
from sites.records.terms import Status
from sites.simulation.loading import Loader, array, octets, text
from sites.simulation.pen import Told
from sites.supplies import services as supplies
from sites.supplies.queries import FIRST
from sites.visits import services as visits
from sites.visits.models import BoothStay, Consumption, Visit

RECORD_COLUMNS = (
    "site_id", "record_id", "kind", "subject", "occurred_at", "sent_occurred_at", "entered_at",
    "received_at", "service_date", "seq", "by", "device", "data", "content_mac", "status", "errors",
    "flags",
)  # fmt: skip
FOREVER = datetime.max.replace(tzinfo=UTC)
Stories = dict[uuid.UUID, list[Telling]]


@dataclass
class Book:
    """What the writer of a site's history remembers from one batch to the next."""

    site: Site
    seed: int
    loader: Loader
    on_hand: dict[uuid.UUID, int] = field(default_factory=dict)

    def __post_init__(self):
        self.day, self.day_starts, self.day_ends = date.min, FOREVER, FOREVER
        self.secret = key(self.site, "handle")
        self.booths = {b.label: b.pk for b in Booth.objects.at(self.site).filter(retired=False)}
        self.conversion = FIRST  # a site that has no history has set no other
        self.products = {p.code: p for p in Product.objects.all()}

    def day_of(self, at: datetime) -> date:
        """The service day, remembered: records come by the thousand from one day."""
        if not self.day_starts <= at < self.day_ends:
            self.day = service_date(self.site, at)
            self.day_starts, self.day_ends = day_bounds(self.site, self.day)
        return self.day


def write(book: Book, told: Sequence[Told]) -> None:
    """Write whole stories: every visit, event and turn-away in `told` begins and ends there."""
    if not told:
        return
    stories: dict[str, Stories] = defaultdict(lambda: defaultdict(list))
    for subject, telling, _handle in told:
        stories[KINDS[telling.kind].story.name][subject].append(telling)
    _write_visits(book, stories["visit"])
    book.loader.rows(visits.turn_away_row(book.site, telling) for (telling,) in stories["turn-away"].values())
    _write_supplies(book, stories["supplies"])
    _write_logbook(book, stories)
    drawn = _write_events(book, stories["overdose event"]) + _write_kits(book, stories)
    _write_lots(book, stories["lot"], drawn)
    _write_people(book, told)
    _write_records(book, told)


# --- Records ---------------------------------------------------------------------------
def sent(telling: Telling, handle: str = "") -> dict:
    """The record as a tablet would have sent it."""
    return {
        "id": str(telling.record_id),
        "kind": telling.kind,
        "occurred_at": telling.occurred_at.isoformat(),
        "entered_at": telling.entered_at.isoformat(),
        "seq": telling.seq,
        "by": telling.by,
        "data": _with_handle(telling.data, handle) if handle else telling.data,
    }


def _with_handle(data: dict, handle: str) -> dict:
    return {name: value for name, value in data.items() if name != "handle_given"} | {"handle": handle}


def _write_records(book: Book, told: Sequence[Told]) -> None:
    site, secret = book.site, book.secret

    def line(subject: uuid.UUID, t: Telling, handle: str) -> str:
        occurred_at, entered_at = t.occurred_at.isoformat(), t.entered_at.isoformat()
        received_at = entered_at if t.received_at == t.entered_at else t.received_at.isoformat()
        data = CONTENT(t.data)
        as_sent = CONTENT(_with_handle(t.data, handle)) if handle else data
        # What envelopes.content_text says of `sent`, without encoding the data twice.
        content = f'content|["{t.kind}", "{occurred_at}", "{entered_at}", "{t.by}", {as_sent}]'
        mac = hmac.digest(secret, content.encode(), "sha256")
        return (
            f"{site.pk}\t{t.record_id}\t{t.kind}\t{subject}\t{occurred_at}\t{occurred_at}\t{entered_at}\t"
            f"{received_at}\t{book.day_of(t.occurred_at)}\t{t.seq}\t{t.by}\t\t"
            f"{text(data)}\t{octets(mac)}\t{Status.CREATED.value}\t{{}}\t{array(KINDS[t.kind].flags(t.data))}\n"
        )

    book.loader.lines(Record, RECORD_COLUMNS, (line(*one) for one in told))


# --- Visits ----------------------------------------------------------------------------
def _write_visits(book: Book, stories: Stories) -> None:
    site = book.site
    folds = [visits.fold(tellings) for tellings in stories.values()]
    rows = [
        visits.put_fold(Visit(site=site, ref=ref), fold) for ref, fold in zip(stories, folds, strict=True)
    ]
    pairs = list(zip(rows, folds, strict=True))
    book.loader.give_ids(rows)
    book.loader.rows(rows)
    book.loader.lines(
        BoothStay,
        ("site_id", "visit_id", "booth_id", "during"),
        (
            f"{site.pk}\t{row.pk}\t{book.booths[stay.booth]}\t[{stay.start},{stay.end})\n"
            for row, fold in pairs
            for stay in fold.stays
        ),
    )
    book.loader.lines(
        Consumption,
        ("site_id", "visit_id", "record_id", "at", "service_date", "substances", "route"),
        (
            f"{site.pk}\t{row.pk}\t{t.record_id}\t{t.occurred_at}\t{book.day_of(t.occurred_at)}\t"
            f"{array(t.data['substances'])}\t{t.data['route']}\n"
            for row, fold in pairs
            for t in fold.consumptions
        ),
    )


# --- Emergencies and naloxone ----------------------------------------------------------
def _write_events(book: Book, stories: Stories) -> list[tuple[Telling, Wanted]]:
    """Returns the doses that draw from a lot, with what they draw."""
    folds = [overdoses.fold(tellings) for tellings in stories.values()]
    rows = [
        overdoses.put_fold(OverdoseEvent(site=book.site, ref=ref), fold)
        for ref, fold in zip(stories, folds, strict=True)
    ]
    pairs = list(zip(rows, folds, strict=True))
    book.loader.give_ids(rows)
    book.loader.rows(rows)
    book.loader.rows(overdoses.step_row(row, telling) for row, fold in pairs for telling in fold.steps)
    book.loader.rows(overdoses.dose_row(row, telling) for row, fold in pairs for telling in fold.doses)
    return [
        (dose, overdoses.drawn(dose, book.products[dose.data["product"]].strength_mg))
        for fold in folds
        for dose in fold.doses
        if overdoses.draws(dose)
    ]


def _write_kits(book: Book, stories: dict[str, Stories]) -> list[tuple[Telling, Wanted]]:
    """Returns the hand-outs that draw from a batch, with what they draw."""
    given = [telling for (telling,) in stories["kits given"].values()]
    rows = [kits.given_row(book.site, telling, None) for telling in given]
    book.loader.rows(rows)
    told = [telling for (telling,) in stories["kits used"].values()]
    book.loader.rows(kits.used_row(book.site, telling) for telling in told)
    drawn = [(telling, kits.drawn_by(row, None)) for telling, row in zip(given, rows, strict=True)]
    return [(telling, wanted) for telling, [wanted] in ((t, w) for t, w in drawn if w)]


def _write_lots(book: Book, stories: Stories, drawn: list[tuple[Telling, Wanted]]) -> None:
    """Movements in order of happening, because a count is judged by what came before it."""
    told = [telling for tellings in stories.values() for telling in tellings]
    book.loader.rows(_lot_row(book, telling) for telling in told if telling.kind in FOUNDING)
    book.loader.rows(
        KitComponent(
            site_id=book.site.pk,
            batch_ref=uuid.UUID(telling.data["lot"]),
            lot_ref=uuid.UUID(line["lot"]),
            units=line["quantity"],
        )
        for telling in told
        for line in telling.data.get("lines", [])
    )
    happened: list[tuple[datetime, bool, Telling, list[Wanted]]] = [
        (wanted.at, False, dose, [wanted]) for dose, wanted in drawn
    ]
    happened += [(t.occurred_at, t.kind in COUNTS, t, movements(t)) for t in told]
    happened.sort(key=lambda item: item[:2])
    rows = []
    for _at, _last, telling, wanted in happened:
        for movement in wanted or [_adjusted(book, telling)]:
            book.on_hand[movement.lot_ref] = book.on_hand.get(movement.lot_ref, 0) + movement.units
            if movement.units:
                rows.append(_movement_row(book, telling, movement))
    book.loader.rows(rows)


def _lot_row(book: Book, telling: Telling) -> Lot:
    data, product = telling.data, book.products[telling.data["product"]]
    return Lot(
        site=book.site,
        ref=uuid.UUID(data["lot"]),
        product=product,
        stock=data.get("stock") or usual_stock(product.kind),
        lot_code=data.get("lot_code", ""),
        expiry=data.get("expiry"),
        first_received_at=telling.occurred_at,
    )


def _adjusted(book: Book, telling: Telling) -> Wanted:
    """What a count makes of what the ledger said."""
    lot = uuid.UUID(telling.data["lot"])
    units = telling.data["quantity"] - book.on_hand.get(lot, 0)
    return Wanted(lot, Move.ADJUSTED, units, telling.occurred_at)


def _movement_row(book: Book, telling: Telling, movement: Wanted) -> StockMovement:
    return StockMovement(
        site_id=book.site.pk,
        lot_ref=movement.lot_ref,
        record_id=telling.record_id,
        move=movement.move,
        units=movement.units,
        at=movement.at,
        service_date=book.day_of(movement.at),
    )


# --- The exchange counter --------------------------------------------------------------
def _write_supplies(book: Book, stories: Stories) -> None:
    told = [telling for (telling,) in stories.values()]
    acts = [supplies.act_row(book.site, telling, book.day_of(telling.occurred_at)) for telling in told]
    book.loader.give_ids(acts)
    book.loader.rows(acts)
    book.loader.rows(
        line
        for act, telling in zip(acts, told, strict=True)
        for line in supplies.line_rows(act, telling, book.conversion)
    )


# --- The logbook -----------------------------------------------------------------------
def _write_logbook(book: Book, stories: dict[str, Stories]) -> None:
    site, rows = book.site, book.loader.rows
    rows(logbook.service_row(site, telling) for (telling,) in stories["service"].values())
    rows(logbook.check_row(site, telling) for (telling,) in stories["drug check"].values())
    rows(logbook.breach_row(site, telling) for (telling,) in stories["breach"].values())
    rows(row for ref, told in stories["incident"].items() if (row := logbook.incident_row(site, ref, told)))


# --- People ----------------------------------------------------------------------------
def _write_people(book: Book, told: Sequence[Told]) -> None:
    """One token a person and day, one a person and month; chance stands for the destroyed keys."""
    site = book.site
    days: set[tuple[date, str]] = set()
    for _subject, telling, handle in told:
        if handle:
            days.add((book.day_of(telling.occurred_at), handle))
    months = {(day.replace(day=1), handle) for day, handle in days}
    book.loader.lines(
        DayToken,
        ("site_id", "day", "token"),
        (f"{site.pk}\t{day}\t{octets(_token(book, str(day), who))}\n" for day, who in sorted(days)),
    )
    book.loader.lines(
        MonthToken,
        ("site_id", "month", "token"),
        (f"{site.pk}\t{m}\t{octets(_token(book, f'{m:%Y-%m}', who))}\n" for m, who in sorted(months)),
        on_conflict="on conflict do nothing",  # the batch before may have begun the month
    )


def _token(book: Book, period: str, handle: str) -> bytes:
    message = f"{book.site.code}|{period}|{handle}".encode()
    return hmac.digest(f"{book.seed}".encode(), message, "sha256")[:8]
