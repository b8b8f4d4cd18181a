"""The same records, folds and rows as `records.services.submit`, written many at a time.

Nothing is judged here: whoever tells a history keeps to the rules (tests prove that `submit` takes
the same records and leaves the same rows). Row security forbids COPY into a table with a site,
so rows are copied into a temporary table and inserted from there.
"""

import hmac
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice

from django.db import connection, models
from psycopg import sql

from sites.clients.models import DayToken, MonthToken
from sites.keyring.services import key
from sites.naloxone.models import Lot, Product, StockMovement
from sites.naloxone.services import Wanted
from sites.naloxone.terms import Move, signed
from sites.overdoses import services as overdoses
from sites.overdoses.models import OverdoseEvent
from sites.places.models import Booth, Site
from sites.places.queries import service_date
from sites.records.envelopes import content_text
from sites.records.models import Record
from sites.records.stories import KINDS, Telling
from sites.records.terms import Status
from sites.simulation.pen import Told
from sites.visits import services as visits
from sites.visits.models import BoothStay, Visit

NEW_BATCH = "create temp table batch on commit drop as select {names} from {table} limit 0"
RECORD_COLUMNS = (
    "site_id", "record_id", "kind", "subject", "occurred_at", "sent_occurred_at", "entered_at",
    "received_at", "service_date", "seq", "by", "device", "data", "content_mac", "status", "errors",
    "flags",
)  # fmt: skip

LINES = 1000  # at a time into COPY


@dataclass
class Book:
    """What the writer of a site's history remembers from one batch to the next."""

    site: Site
    seed: int
    on_hand: dict[uuid.UUID, int] = field(default_factory=dict)

    def __post_init__(self):
        self.secret = key(self.site, "handle")
        self.booths = {b.label: b.pk for b in Booth.objects.at(self.site).filter(retired=False)}
        self.products = {p.code: p for p in Product.objects.all()}


def write(book: Book, told: Sequence[Told]) -> None:
    """Write whole stories: every visit, event and turn-away in `told` begins and ends there."""
    if not told:
        return
    stories: dict[str, dict[uuid.UUID, list[Telling]]] = defaultdict(lambda: defaultdict(list))
    for subject, telling, _handle in told:
        stories[KINDS[telling.kind].story.name][subject].append(telling)
    _write_records(book, told)
    _write_visits(book, stories["visit"])
    _write_turn_aways(book, stories["turn-away"])
    drawn = _write_events(book, stories["overdose event"])
    _write_lots(book, stories["lot"], drawn)
    _write_people(book, told)


# --- Into the database -----------------------------------------------------------------
def _insert(table: str, columns: Sequence[str], write_rows, on_conflict: str = "") -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    into = {"table": sql.Identifier(table), "names": names, "on_conflict": sql.SQL(on_conflict)}
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("create temp table batch on commit drop as select {names} from {table} limit 0").format(
                **into
            )
        )
        with cursor.copy(sql.SQL("copy batch ({names}) from stdin").format(**into)) as copy:
            write_rows(copy)
        cursor.execute(
            sql.SQL("insert into {table} ({names}) select {names} from batch {on_conflict}").format(**into)
        )
        cursor.execute("drop table batch")


def _insert_rows(rows: Iterable[models.Model]) -> None:
    """Unsaved rows of one model, with their ids when they have them."""
    rows = list(rows)
    if not rows:
        return
    fields = [f for f in rows[0]._meta.concrete_fields if not (f.primary_key and rows[0].pk is None)]

    def write_rows(copy):
        for row in rows:
            copy.write_row([getattr(row, f.attname) for f in fields])

    _insert(rows[0]._meta.db_table, [f.column for f in fields], write_rows)


def _insert_lines(
    model: type[models.Model], columns: Sequence[str], lines: Iterable[str], on_conflict: str = ""
) -> None:
    """Rows already written as COPY reads them: tabs between columns, one row a line."""
    lines = iter(lines)

    def write_rows(copy):
        while some := "".join(islice(lines, LINES)):
            copy.write(some)

    _insert(model._meta.db_table, columns, write_rows, on_conflict)


def _give_ids(rows: Sequence[models.Model]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)",
            [rows[0]._meta.db_table, len(rows)],
        )
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = pk


# --- Records ---------------------------------------------------------------------------
def sent(telling: Telling, handle: str = "") -> dict:
    """The record as a tablet would have sent it."""
    data = telling.data
    if handle:
        data = {name: value for name, value in data.items() if name != "handle_given"} | {"handle": handle}
    return {
        "id": str(telling.record_id),
        "kind": telling.kind,
        "occurred_at": telling.occurred_at.isoformat(),
        "entered_at": telling.entered_at.isoformat(),
        "seq": telling.seq,
        "by": telling.by,
        "data": data,
    }


def _write_records(book: Book, told: Sequence[Told]) -> None:
    site, secret = book.site, book.secret
    dumps = json.JSONEncoder(separators=(",", ":")).encode

    def line(subject, t: Telling, handle: str) -> str:
        raw = sent(t, handle)
        occurred_at = raw["occurred_at"]
        mac = hmac.digest(secret, content_text(raw).encode(), "sha256").hex()
        flags = ",".join(KINDS[t.kind].flags(t.data))
        data = dumps(t.data).replace("\\", "\\\\")
        return (
            f"{site.pk}\t{raw['id']}\t{t.kind}\t{subject}\t{occurred_at}\t{occurred_at}\t"
            f"{raw['entered_at']}\t{t.received_at.isoformat()}\t{service_date(site, t.occurred_at)}\t"
            f"{t.seq}\t{t.by}\t\t{data}\t\\\\x{mac}\t{Status.CREATED.value}\t{{}}\t{{{flags}}}\n"
        )

    _insert_lines(Record, RECORD_COLUMNS, (line(*one) for one in told))


# --- Visits ----------------------------------------------------------------------------
def _write_visits(book: Book, stories: dict[uuid.UUID, list[Telling]]) -> None:
    folds = [visits.fold(tellings) for tellings in stories.values()]
    rows = [
        visits.put_fold(Visit(site=book.site, ref=ref), fold)
        for ref, fold in zip(stories, folds, strict=True)
    ]
    _give_ids(rows)
    _insert_rows(rows)
    _insert_lines(
        BoothStay,
        ("site_id", "visit_id", "booth_id", "during"),
        (
            f"{book.site.pk}\t{row.pk}\t{book.booths[stay.booth]}\t[{stay.start},{stay.end})\n"
            for row, fold in zip(rows, folds, strict=True)
            for stay in fold.stays
        ),
    )
    _insert_rows(
        visits.consumption_row(row, telling)
        for row, fold in zip(rows, folds, strict=True)
        for telling in fold.consumptions
    )


def _write_turn_aways(book: Book, stories: dict[uuid.UUID, list[Telling]]) -> None:
    _insert_rows(visits.turn_away_row(book.site, telling) for (telling,) in stories.values())


# --- Emergencies and naloxone ----------------------------------------------------------
def _write_events(book: Book, stories: dict[uuid.UUID, list[Telling]]) -> list[tuple[Telling, Wanted]]:
    """Returns the doses that draw from a lot, with what they draw."""
    folds = [overdoses.fold(tellings) for tellings in stories.values()]
    rows = [
        overdoses.put_fold(OverdoseEvent(site=book.site, ref=ref), fold)
        for ref, fold in zip(stories, folds, strict=True)
    ]
    _give_ids(rows)
    _insert_rows(rows)
    pairs = list(zip(rows, folds, strict=True))
    _insert_rows(overdoses.step_row(row, telling) for row, fold in pairs for telling in fold.steps)
    _insert_rows(overdoses.dose_row(row, telling) for row, fold in pairs for telling in fold.doses)
    return [
        (dose, overdoses.drawn(dose, book.products[dose.data["product"]].strength_mg))
        for fold in folds
        for dose in fold.doses
        if overdoses.draws(dose)
    ]


def _write_lots(
    book: Book, stories: dict[uuid.UUID, list[Telling]], drawn: list[tuple[Telling, Wanted]]
) -> None:
    """Movements in order of happening, because a count is judged by what came before it."""
    received = [t for tellings in stories.values() for t in tellings if t.kind == "naloxone.received"]
    _insert_rows(
        Lot(
            site=book.site,
            ref=uuid.UUID(t.data["lot"]),
            product=book.products[t.data["product"]],
            lot_code=t.data["lot_code"],
            expiry=t.data["expiry"],
            first_received_at=t.occurred_at,
        )
        for t in received
    )
    happened: list[tuple[datetime, int, Telling, Wanted | None]] = [
        (wanted.at, 0, telling, wanted) for telling, wanted in drawn
    ]
    happened += [
        (t.occurred_at, int(t.kind == "naloxone.counted"), t, None)
        for tellings in stories.values()
        for t in tellings
    ]
    happened.sort(key=lambda item: item[:2])
    movements = (wanted or _moved(book, telling) for _at, _counts, telling, wanted in happened)
    rows = []
    for (_at, _counts, telling, _wanted), movement in zip(happened, movements, strict=True):
        book.on_hand[movement.lot_ref] = book.on_hand.get(movement.lot_ref, 0) + movement.units
        if movement.units:
            rows.append(_movement_row(book.site, telling, movement))
    _insert_rows(rows)


def _moved(book: Book, telling: Telling) -> Wanted:
    data, lot = telling.data, uuid.UUID(telling.data["lot"])
    if telling.kind == "naloxone.counted":
        units = data["quantity"] - book.on_hand.get(lot, 0)
        return Wanted(lot, Move.ADJUSTED, units, telling.occurred_at)
    move = data.get("move", Move.RECEIVED)
    return Wanted(lot, move, signed(move, data["quantity"]), telling.occurred_at)


def _movement_row(site: Site, telling: Telling, movement: Wanted) -> StockMovement:
    return StockMovement(
        site_id=site.pk,
        lot_ref=movement.lot_ref,
        record_id=telling.record_id,
        move=movement.move,
        units=movement.units,
        at=movement.at,
        service_date=service_date(site, movement.at),
    )


# --- People ----------------------------------------------------------------------------
def _write_people(book: Book, told: Sequence[Told]) -> None:
    """One token a person and day, one a person and month; chance stands for the destroyed keys."""
    days: set[tuple[date, str]] = set()
    for _subject, telling, handle in told:
        if handle:
            days.add((service_date(book.site, telling.occurred_at), handle))
    months = {(day.replace(day=1), handle) for day, handle in days}
    _insert_lines(
        DayToken,
        ("site_id", "day", "token"),
        (f"{book.site.pk}\t{day}\t{_token(book, str(day), handle)}\n" for day, handle in sorted(days)),
    )
    _insert_lines(
        MonthToken,
        ("site_id", "month", "token"),
        (f"{book.site.pk}\t{m}\t{_token(book, f'{m:%Y-%m}', handle)}\n" for m, handle in sorted(months)),
        on_conflict="on conflict do nothing",  # the batch before may have begun the month
    )


def _token(book: Book, period: str, handle: str) -> str:
    message = f"{book.site.code}|{period}|{handle}".encode()
    return "\\\\x" + hmac.digest(f"{book.seed}".encode(), message, "sha256")[:8].hex()
