"""Rows become records by the one write path; an undo voids them by the same. A batch is one transaction.

The import's row is locked while a batch is written and says afterwards how far it got: a worker that dies
leaves the batch unwritten, and two workers never have the same one. Ids come from the rows themselves, so the
same row has one effect whatever file it comes in.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import transaction

from sites.clockwork.services import now
from sites.imports.boxes import FileRow
from sites.imports.mapping import Mapping
from sites.imports.models import Import
from sites.imports.reading import Problem, Reader, ReadRow, subject_of
from sites.places.models import Site
from sites.places.queries import service_date
from sites.records.models import Record
from sites.records.services import Receipt, Sender, submit
from sites.records.stories import KINDS
from sites.records.terms import IMPORT_FLAG, VOIDED, Status

UNDONE = "import undone"


class Refused(Exception):
    """Some records of a batch would not become facts: nothing of it is kept."""

    def __init__(self, receipts: Sequence[Receipt]):
        super().__init__()
        self.receipts = receipts


class Told:
    """What came of some rows: how many were written or there already, what was wrong, records by day."""

    def __init__(self):
        self.written = self.already = 0
        self.problems: list[tuple[int, Problem]] = []
        self.refused: set[int] = set()
        self.notices: Counter = Counter()
        self.tally: Counter = Counter()

    def refuse(self, row: FileRow, problems: Iterable[Problem]) -> None:
        self.refused.add(row.number)
        self.problems += [(row.number, problem) for problem in problems]


def sender_of(imported: Import, staff: str) -> Sender:
    return Sender(staff=staff, imported=imported.ref)


def turns_of(site: Site, rows: Sequence[FileRow]) -> dict[bytes, int]:
    """How often each row was undone as part of an import: it may then be written again, as another record."""
    turns = {row.ident: 0 for row in rows}
    asked = list(rows)
    while asked:
        marks = {_undo_id(record_id(row, turns[row.ident], 0)): row for row in asked}
        undone = Record.objects.at(site).filter(record_id__in=marks, status=Status.CREATED)
        asked = [marks[mark] for mark in undone.values_list("record_id", flat=True)]
        for row in asked:
            turns[row.ident] += 1
    return turns


def record_id(row: FileRow, turn: int, number: int) -> uuid.UUID:
    return uuid.uuid5(subject_of(row, turn), f"record {number}")


def _undo_id(of: uuid.UUID) -> uuid.UUID:
    return uuid.uuid5(of, UNDONE)


def write_rows(imported: Import, mapping: Mapping, rows: Sequence[FileRow], *, keep: bool) -> Told:
    """Write these rows at once or, when one is refused, each by itself. Without `keep`, take them back."""
    told, reader, turns = Told(), Reader(mapping), turns_of(imported.site, rows)
    read = [reader.read(row, turns[row.ident]) for row in rows]
    firsts = {record_id(one.row, turns[one.row.ident], 0): one.row.ident for one in read}
    there = set(
        Record.objects.at(imported.site)
        .filter(record_id__in=firsts, status=Status.CREATED)
        .values_list("record_id", flat=True)
    )
    known = {firsts[one] for one in there}
    fresh = []
    for one in read:
        if one.problems:
            told.refuse(one.row, one.problems)
        elif one.row.ident in known:
            told.already += 1
        else:
            told.notices.update(str(notice) for notice in set(one.notices))
            fresh += [one] if one.facts else []
    if not _try(imported, fresh, turns, keep):
        for one in list(fresh):
            if problems := _refusal(imported, one, turns, keep, mapping):
                told.refuse(one.row, problems)
                fresh.remove(one)
    for one in fresh:
        told.written += 1
        told.tally.update((service_date(imported.site, fact.at).isoformat(), fact.kind) for fact in one.facts)
    return told


def _try(imported: Import, rows: Sequence[ReadRow], turns: dict[bytes, int], keep: bool) -> bool:
    try:
        _submit(imported, rows, turns, keep)
    except Refused:
        return False
    return True


def _refusal(
    imported: Import, one: ReadRow, turns: dict[bytes, int], keep: bool, mapping: Mapping
) -> list[Problem]:
    """What the house says against one row; nothing when it is written."""
    try:
        _submit(imported, [one], turns, keep)
    except Refused as refused:
        said = {
            (mapping.column_of(name), str(error["message"]))
            for receipt in refused.receipts
            for name, errors in receipt.errors.items()
            for error in errors
        }
        return sorted(said, key=lambda problem: (problem[0] is None, problem)) or [(None, "")]
    return []


class _TakenBack(Exception):
    pass


def _submit(imported: Import, rows: Sequence[ReadRow], turns: dict[bytes, int], keep: bool) -> None:
    """All of these rows become facts, or Refused is raised and none does."""
    records = [record for one in rows for record in _records(imported, one, turns[one.row.ident])]
    try:
        with transaction.atomic():
            receipts = submit(site=imported.site, records=records, sender=sender_of(imported, imported.by))
            if refused := [r for r in receipts if r.status != Status.CREATED]:
                raise Refused(refused)
            if not keep:
                raise _TakenBack
    except _TakenBack:
        pass


def _records(imported: Import, one: ReadRow, turn: int) -> list[dict]:
    typed = now().isoformat()
    return [
        {
            "id": str(record_id(one.row, turn, number)),
            "kind": fact.kind,
            "occurred_at": fact.at.isoformat(),
            "entered_at": typed,
            "seq": number,
            "by": imported.by,
            "data": fact.data,
        }
        for number, fact in enumerate(one.facts)
    ]


# --- Taking it back ------------------------------------------------------------------------
def of_import(imported: Import):
    """The records that this import wrote, its voids left out."""
    written = Record.objects.at(imported.site).filter(device=str(imported.ref), flags__contains=[IMPORT_FLAG])
    return written.filter(status=Status.CREATED).exclude(kind=VOIDED)


def stories_of(imported: Import, after: int, most: int) -> list[uuid.UUID]:
    """What its records are about, in the order of writing."""
    first = of_import(imported).order_by("subject", "id").distinct("subject").values("id")
    subjects = Record.objects.at(imported.site).filter(id__in=first).order_by("id")
    return list(subjects.values_list("subject", flat=True)[after : after + most])


def void_story(imported: Import, subject: uuid.UUID) -> bool:
    """Void what the import wrote of it, the founder last; False, and nothing, when others build on it."""
    records = list(of_import(imported).filter(subject=subject).order_by("-occurred_at", "-seq", "-id"))
    records.sort(key=lambda record: KINDS[record.kind].founds)
    voided = Record.objects.at(imported.site).filter(target__in=[r.record_id for r in records], kind=VOIDED)
    gone = set(voided.filter(status=Status.CREATED).values_list("target", flat=True))
    voids = [_void(imported, record) for record in records if record.record_id not in gone]
    try:
        with transaction.atomic():
            receipts = submit(
                site=imported.site, records=voids, sender=sender_of(imported, imported.undone_by)
            )
            if any(r.status not in (Status.CREATED, Status.DUPLICATE) for r in receipts):
                raise Refused(receipts)
    except Refused:
        return False
    return True


def _void(imported: Import, record: Record) -> dict:
    at = now().isoformat()
    return {
        "id": str(_undo_id(record.record_id)),
        "kind": VOIDED,
        "occurred_at": at,
        "entered_at": at,
        "seq": 0,
        "by": imported.undone_by,
        "data": {"target": str(record.record_id), "reason": imported.undo_reason},
    }
