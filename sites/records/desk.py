"""What one submission has in hand: what it is judged with, and what it will write.

Facts and rows are written together when the submission ends, or before a record that is judged by them.
"""

import uuid
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Model

from harmreduction.pg.rows import insert
from sites.people.models import Device
from sites.places.models import Site
from sites.places.services import marks
from sites.records.errors import Conflict, Invalid
from sites.records.judging import Prepared, prepare
from sites.records.models import Record
from sites.records.stories import KINDS, Fact, Kind, Stories, Story, Telling
from sites.trail.models import TrailEntry
from sites.trail.services import entry


@dataclass(frozen=True)
class Sender:
    """The door a record came through: an enrolled tablet, someone signed in, or a file that they brought."""

    device: Device | None = None
    staff: str = ""
    from_paper: bool = False
    imported: uuid.UUID | None = None

    @property
    def name(self) -> str:
        return self.staff or "tablet"

    @property
    def device_id(self) -> str:
        return str(self.device.uuid) if self.device else str(self.imported or "")

    @property
    def revoked(self) -> bool:
        return bool(self.device and self.device.revoked_at)


@dataclass
class Fold:
    """A story whose rows are still to be written: as it reads, and the names of what of it others touch."""

    story: Story
    fact: Fact
    tellings: list[Telling]
    names: set[str]


@dataclass(frozen=True)
class Desk:
    """Where, from whom, who works there, what is already kept.

    `awaited` names what held records wait for: nobody adds to it behind our back, because whoever
    waits for something we write holds a lock of ours. `one_by_one`: nothing is put off.
    """

    site: Site
    sender: Sender
    staff: set[str]
    known: dict[uuid.UUID, Record]
    stories: Stories
    awaited: set[uuid.UUID]
    one_by_one: bool = True
    days: set[date] = field(default_factory=set)
    trail: list[TrailEntry] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    folds: dict[uuid.UUID, Fold] = field(default_factory=dict)

    def note(self, action: str, *, actor: str, about: str, about_id, why: str = "") -> None:
        self.trail.append(
            entry(
                action,
                actor=actor,
                site_id=self.site.pk,
                about=about,
                about_id=about_id,
                why=why,
                device=self.sender.device_id,
            )
        )

    def may_put_off(self, record: Record, data: dict) -> bool:
        """Whether its rows may wait. What has to be written before it can be judged is written now."""
        if self.one_by_one:
            return False
        kind = KINDS.get(record.kind)
        may = kind is not None and kind.story.may_wait
        if not may or self._touched(kind.locks(self.site, data)):
            self.write()
        return may

    def _touched(self, names: list[str]) -> bool:
        return any(not fold.names.isdisjoint(names) for fold in self.folds.values())

    def prepared(self, record: Record, data: dict) -> Prepared:
        """`prepare`, before the rows of other stories are written; a refusal is told as if they were."""
        try:
            return prepare(self.stories, record, data)
        except (Conflict, Invalid):
            if not self.folds:
                raise
            self.write()
            return prepare(self.stories, record, data)

    def put_off(self, record: Record, kind: Kind, fact: Fact, tellings: list[Telling]) -> None:
        """Keep the record in hand, and its story as it now reads."""
        if record.pk:
            record.save()
        else:
            self.records.append(record)
        before = self.folds.get(fact.subject)
        names = {name for told in tellings for name in KINDS[told.kind].locks(self.site, told.data)}
        fact = fact.after(before.fact) if before else fact
        self.folds[fact.subject] = Fold(kind.story, fact, tellings, names)
        self.days.add(record.service_date)

    def write(self) -> None:
        """Write what is in hand. Raises NotApplied when a story is refused after all."""
        new, folded = self._taken()
        insert(new)
        self._refresh(folded)

    def _refresh(self, folded: list[Fold]) -> None:
        for fold in folded:
            self.days.update(fold.story.refresh(fold.fact, fold.tellings))

    def _taken(self) -> tuple[list[Model], list[Fold]]:
        """Out of hand: the rows to add, and the stories that only their refresh can write."""
        new: list[Model] = list(self.records)
        folded = []
        for fold in self.folds.values():
            row = fold.story.begin(fold.fact, fold.tellings) if fold.fact.is_first else None
            if row is None:
                folded.append(fold)
            else:
                new.append(row)
                self.days.add(row.service_date)
        self.records.clear()
        self.folds.clear()
        return new, folded

    def finish(self) -> None:
        """Write what is left, the days to count and the trail in one statement, after the rows of stories."""
        new, folded = self._taken()
        self._refresh(folded)
        insert([*new, *marks(self.site, self.days), *self.trail])
