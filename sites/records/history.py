"""What was written about one visit, event or lot, as a person reads it."""

import uuid
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sites.codes.queries import label
from sites.people.models import Staff
from sites.places.models import Site
from sites.records.models import Record
from sites.records.stories import CORRECTED, KINDS, VOIDED, Telling, live
from sites.records.terms import IMPORT_FLAG, PAPER_FLAG, SEALED, Status
from sites.records.words import IDS, field_words, kind_words, list_of, reason_words

MOST = 500


@dataclass
class Line:
    """One record and what became of it."""

    record: Record
    telling: Telling | None
    author: str
    changes: list[Record] = field(default_factory=list)

    @property
    def words(self) -> str:
        return kind_words(self.record.kind)

    @property
    def occurred_at(self):
        return self.telling.occurred_at if self.telling else self.record.occurred_at

    @property
    def voided(self) -> bool:
        return self.telling is None

    @property
    def corrected(self) -> bool:
        return bool(self.telling and self.telling.corrected)

    @property
    def from_paper(self) -> bool:
        return PAPER_FLAG in self.record.flags

    @property
    def imported(self) -> str:
        """The import that it came with, or nothing."""
        return self.record.device if IMPORT_FLAG in self.record.flags else ""

    @property
    def said(self) -> list[tuple[str, str]]:
        data = self.telling.data if self.telling else self.record.data
        return told(self.record.kind, data)

    @property
    def shown(self) -> list[str]:
        """What was said, in one line; yes and no with what they answer."""
        data = self.telling.data if self.telling else self.record.data
        flags = {_name(self.record.kind, name) for name, value in data.items() if isinstance(value, bool)}
        return [
            _("%(name)s : %(value)s") % {"name": name, "value": value} if name in flags else value
            for name, value in self.said
        ]

    @property
    def reasons(self) -> list[str]:
        return [reason_words(str(change.data.get("reason", ""))) for change in self.changes]


def told(kind: str, data: dict) -> list[tuple[str, str]]:
    """Fields and values in words; ids and handles left out."""
    return [
        (_name(kind, name), value_words(kind, name, value))
        for name, value in data.items()
        if name not in IDS and not isinstance(value, dict)
    ]


def _name(kind: str, name: str) -> str:
    form_field = KINDS[kind].form.base_fields.get(name) if kind in KINDS else None
    return str((form_field and form_field.label) or field_words(name))


def value_words(kind: str, name: str, value) -> str:
    """A value of a record of this kind, in the words of its code list."""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    codes = value if isinstance(value, list) else [value]
    if codes and isinstance(codes[0], dict):
        return ", ".join(_line_words(kind, line) for line in codes)
    list_name = list_of(kind, name)
    return ", ".join(label(list_name, str(code)) if list_name else str(code) for code in codes)


def _line_words(kind: str, line: dict) -> str:
    """10 × Seringue 1 cc · 27G ½ po."""
    rest = [value_words(kind, name, value) for name, value in sorted(line.items()) if name != "quantity"]
    return f"{line['quantity']} × {', '.join(rest)}" if "quantity" in line else ", ".join(rest)


def history_of(site: Site, subject: uuid.UUID) -> list[Line]:
    """The records of one story in the order they happened, each with its corrections."""
    records = list(Record.objects.at(site).filter(subject=subject, status=Status.CREATED).order_by("id"))
    tellings = {t.record_id: t for t in live(records)}
    authors = {r.record_id: r.by for r in records} | {t.record_id: t.by for t in tellings.values()}
    names = dict(Staff.objects.filter(code__in=set(authors.values())).values_list("code", "display_name"))
    lines = {
        r.record_id: Line(r, tellings.get(r.record_id), names.get(authors[r.record_id], authors[r.record_id]))
        for r in records
        if r.kind not in (CORRECTED, VOIDED)
    }
    for record in records:
        if record.target in lines:
            lines[record.target].changes.append(record)
    return sorted(lines.values(), key=lambda line: (line.occurred_at, line.record.seq, line.record.pk))


# --- What waits for a person ------------------------------------------------------------


@dataclass
class Kept:
    """A record on the review list: where it stands and why, in words."""

    record: Record
    author: str

    @property
    def words(self) -> str:
        return kind_words(self.record.kind)

    @property
    def said(self) -> list[tuple[str, str]]:
        return told(self.record.kind, self.record.data)

    @property
    def why(self) -> list[str]:
        if self.record.status == Status.HELD:
            return [_("Parle d’une visite ou d’un événement qui n’est pas encore arrivé.")]
        if self.record.status == Status.CREATED:
            return [_why_doubted(self.record)]
        return [
            _("%(name)s : %(value)s") % {"name": field_words(name), "value": error["message"]}
            if name not in ("__all__", SEALED)
            else str(error["message"])
            for name, errors in self.record.errors.items()
            for error in errors
        ]

    @property
    def is_conflict(self) -> bool:
        return self.record.status == Status.CONFLICT

    @property
    def may_be_taken(self) -> bool:
        mendable = self.record.status in (Status.CONFLICT, Status.INVALID, Status.QUARANTINED)
        return mendable and self.record.kind != SEALED


def _why_doubted(record: Record) -> str:
    if record.by:
        return _("Au nom de quelqu’un dont le code n’a pas été vérifié.")
    return _("Notée sur une tablette verrouillée, sans nom.")


def lines_of(records: QuerySet[Record]) -> list[Kept]:
    shown = list(records[:MOST])
    names = dict(Staff.objects.filter(code__in={r.by for r in shown}).values_list("code", "display_name"))
    return [Kept(record, names.get(record.by, record.by)) for record in shown]
