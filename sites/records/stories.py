"""The registry of record kinds, and how records about one thing are read together.

A *kind* says what is valid (a form) and which story it belongs to. A *story* is all that is known
of one visit, overdose event or lot; `refresh` folds it into the rows that screens and counts read.
Folding sorts by when things happened, so the order of arrival changes nothing.
"""

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.utils.dateparse import parse_datetime

from sites.places.models import Site, SiteRow
from sites.records.envelopes import as_uuid
from sites.records.forms import FreeText, RecordForm
from sites.records.models import Authorship, Record
from sites.records.terms import CLOCK_TOLERANCE_S, CORRECTED, FREE_TEXT, TO_CONFIRM_FLAG, VOIDED, Status

OUT_OF_STEP = timedelta(seconds=CLOCK_TOLERANCE_S)
A_STEP = timedelta(microseconds=1)


@dataclass(frozen=True)
class Telling:
    """One record as it counts now, corrections applied."""

    record_id: uuid.UUID
    kind: str
    occurred_at: datetime
    entered_at: datetime
    received_at: datetime
    seq: int
    by: str
    data: dict
    corrected: bool = False
    device: str = ""
    sent_at: datetime | None = None  # by the clock of what wrote it

    @property
    def order(self) -> tuple:
        return self.occurred_at, self.seq, str(self.record_id)


@dataclass(frozen=True)
class Fact:
    """What a story's check and refresh are given: the site, the thing, and the record just added.

    `is_first`: nothing was known of the thing before, so no row says anything of it.
    """

    site: Site
    subject: uuid.UUID
    telling: Telling | None
    handle_code: bytes | None = None
    handle: str = ""
    is_first: bool = False

    def after(self, before: "Fact") -> "Fact":
        """Both at once, for a refresh that was put off: a handle is told by one record alone."""
        return before if before.handle_code else replace(self, is_first=before.is_first)


@dataclass(frozen=True)
class Story:
    """`check` raises what stands against a telling; `refresh` folds and returns the days it touched.

    `may_wait`: rows may be written once for several records; who is judged by them names a lock of theirs.
    `begin` is the one row of a thing just begun, or None when only `refresh` can tell.
    `rival` finds what a record that was kept aside ran into; `called` says what each thing is called.
    """

    name: str
    refresh: Callable[[Fact, list[Telling]], Iterable[date]]
    check: Callable[[Fact, list[Telling]], None] = lambda fact, tellings: None
    may_wait: bool = False
    begin: Callable[[Fact, list[Telling]], SiteRow | None] = lambda fact, tellings: None
    subject_field: str = ""
    rival: Callable[[Record], Telling | None] = lambda record: None
    called: Callable[[Site, Collection[str]], dict[str, str]] = lambda site, subjects: {}


@dataclass(frozen=True)
class Kind:
    """`locks` names what a record of such data touches, beside the ids in it.

    `flags` names what a person should look at in a record that is nevertheless kept as it is.
    """

    name: str
    form: type[RecordForm]
    story: Story
    founds: bool = False
    waits_for_founder: bool = True
    locks: Callable[[Site, dict], list[str]] = field(default=lambda site, data: [])
    flags: Callable[[dict], list[str]] = field(default=lambda data: [])


KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    for kind in kinds:
        KINDS[kind.name] = kind
        fields = kind.form.base_fields.items()
        FREE_TEXT.update(name for name, field in fields if isinstance(field, FreeText))


def tell(record: Record, author: str | None = None) -> Telling:
    return Telling(
        record_id=record.record_id,
        kind=record.kind,
        occurred_at=record.occurred_at,
        entered_at=record.entered_at,
        received_at=record.received_at,
        seq=record.seq,
        by=record.by if author is None else author,
        data=record.data,
        device=record.device,
        sent_at=record.sent_occurred_at,
    )


def in_step(tellings: Iterable[Telling]) -> list[Telling]:
    """What one tablet wrote, in the order of its own clock where ours disagrees by little.

    Its records are dated by their age as they come in, and two sendings are not equally long under way.
    """
    latest: dict[str, datetime] = {}
    steps = []
    for telling in sorted(tellings, key=lambda t: (t.sent_at or t.occurred_at, t.seq)):
        before = latest.get(telling.device)
        if before and timedelta() < before - telling.occurred_at <= OUT_OF_STEP:
            telling = replace(telling, occurred_at=before + A_STEP)
        if telling.device:
            latest[telling.device] = telling.occurred_at
        steps.append(telling)
    return steps


def amended(telling: Telling, changes: dict) -> Telling:
    """A telling with the changed fields of a correction; occurred_at may be one of them."""
    changes = dict(changes)
    at = parse_datetime(changes.pop("occurred_at", "")) or telling.occurred_at
    data = {**telling.data, **{k: v for k, v in changes.items() if v is not None}}
    for name in (k for k, v in changes.items() if v is None):
        data.pop(name, None)
    return replace(telling, occurred_at=at, data=data, corrected=True)


def authors_of(records: Iterable[Record]) -> dict[uuid.UUID, str]:
    """Who is said to have written those whose author was to confirm."""
    doubted = [record for record in records if record.pk and TO_CONFIRM_FLAG in record.flags]
    if not doubted:
        return {}
    said = Authorship.objects.filter(
        site_id=doubted[0].site_id, record_id__in=[record.record_id for record in doubted]
    )
    return dict(said.order_by("id").values_list("record_id", "author"))


def live(records: Collection[Record]) -> list[Telling]:
    """What the records of a story say now: corrected, without the voided, in order of happening."""
    authors = authors_of(records)
    tellings: dict[uuid.UUID, Telling] = {}
    voided: set[uuid.UUID] = set()
    changes = []
    for record in records:
        if record.kind == VOIDED:
            voided.add(record.target)
        elif record.kind == CORRECTED:
            changes.append(record)
        else:
            tellings[record.record_id] = tell(record, authors.get(record.record_id))
    tellings = {telling.record_id: telling for telling in in_step(tellings.values())}
    for change in sorted(changes, key=lambda r: (r.received_at, r.id or 0)):
        if change.target in tellings:
            tellings[change.target] = amended(tellings[change.target], change.data.get("data", {}))
    return sorted((t for i, t in tellings.items() if i not in voided), key=lambda t: t.order)


def told_of(site: Site, subject: uuid.UUID) -> list[Record]:
    told = Record.objects.at(site).filter(subject=subject, status=Status.CREATED)
    return list(told.order_by("id"))


def story_of(site: Site, subject: uuid.UUID) -> list[Telling]:
    """What is known now of one visit, event or lot of this site."""
    return live(told_of(site, subject))


class Stories:
    """The stories of one submission: read at once when it begins, and kept up as its records are applied."""

    def __init__(self, site: Site, subjects: Iterable[uuid.UUID], records: Iterable[Record]):
        """`records`: every one of these subjects that was applied, in the order of their ids."""
        self.site = site
        self.applied: dict[uuid.UUID, list[Record]] = {subject: [] for subject in subjects}
        for record in records:
            self.add(record)

    def story_of(self, subject: uuid.UUID) -> list[Telling]:
        known = self.applied.get(subject)
        return story_of(self.site, subject) if known is None else live(known)

    def with_it(self, record: Record) -> tuple[list[Telling], Telling]:
        """What was known of what a record is about, and the record among it."""
        subject = record.subject
        kept = self.applied[subject] if subject in self.applied else told_of(self.site, subject)
        told = live([*(other for other in kept if other.record_id != record.record_id), record])
        return (
            [telling for telling in told if telling.record_id != record.record_id],
            next(telling for telling in told if telling.record_id == record.record_id),
        )

    def add(self, record: Record) -> None:
        if record.subject in self.applied and record.status == Status.CREATED:
            self.applied[record.subject].append(record)


def subject_of(kind: str, record_id: uuid.UUID, data: dict) -> uuid.UUID | None:
    """What a record that reads so is about, if it can be read. A change says it through its target."""
    if kind not in KINDS:
        return None
    field_name = KINDS[kind].story.subject_field
    return as_uuid(data.get(field_name)) if field_name else record_id
