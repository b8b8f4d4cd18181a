"""Items of the list in words: what, where, since when, and the address where each is solved."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sites.codes.queries import label
from sites.logbook.models import Incident
from sites.logbook.queries import OpenIncident, deadlines, due_at
from sites.overdoses.deaths import Death, death_of
from sites.overdoses.models import NaloxoneDose, OverdoseEvent, ResponseStep
from sites.overdoses.timeline import place_words
from sites.people.models import Staff
from sites.people.queries import team_names
from sites.people.terms import Permission
from sites.places.models import Site
from sites.records.history import Kept
from sites.records.models import Record
from sites.review.kinds import KINDS, Kind
from sites.review.odd import odd_words
from sites.review.queries import Item
from sites.review.terms import K
from sites.visits.queries import Named, numbered

OF_VISITS = {"visit_long", "visit_short", "age"}
OF_EVENTS = {"doses", "two_events"}
OF_RECORDS = {"turned_away", "kits", "items"}
KEPT = {K.CONFLICT, K.INVALID, K.HELD, K.QUARANTINED}


@dataclass(frozen=True)
class Line:
    """One row as it is shown. `url` is "" where this person may not go."""

    item: Item
    kind: Kind
    words: str
    detail: str
    url: str
    kept: Kept | None = None
    death: Death | None = None
    incident: OpenIncident | None = None


def lines_of(site: Site, found: Sequence[Item], staff: Staff, back: str = "") -> list[Line]:
    """In the same order; what they are about is read in a few queries, one a table."""
    page = _Page(site, found, staff, back)
    return [page.line(item) for item in found]


class _Page:
    def __init__(self, site: Site, found: Sequence[Item], staff: Staff, back: str):
        self.site, self.found, self.staff = site, found, staff
        self.back = f"?next={back}" if back else ""

    def _refs(self, kinds: Collection[str], rules: Collection[str] = ()) -> set[uuid.UUID]:
        return {i.ref for i in self.found if i.kind in kinds or i.rule in rules}

    @cached_property
    def visits(self) -> dict[uuid.UUID, Named]:
        refs = self._refs({K.VISIT}, OF_VISITS)
        rows = numbered(self.site).filter(ref__in=refs) if refs else ()
        return {row.ref: Named(row, row.number) for row in rows}

    @cached_property
    def of_lines(self) -> dict[uuid.UUID, OverdoseEvent]:
        """The event of each dose or step, by the record that told it."""
        found = {}
        for model, refs in (
            (NaloxoneDose, self._refs({K.NO_LOT})),
            (ResponseStep, self._refs((), {"measure"})),
        ):
            rows = model.objects.at(self.site).filter(record_id__in=refs) if refs else ()
            found |= {row.record_id: row.event for row in (rows and rows.select_related("event"))}
        return found

    @cached_property
    def events(self) -> dict[uuid.UUID, OverdoseEvent]:
        refs = self._refs({K.EVENT, K.NO_ENDPOINT, K.DEATH}, OF_EVENTS)
        rows = OverdoseEvent.objects.at(self.site).filter(ref__in=refs) if refs else ()
        return {row.ref: row for row in rows}

    @cached_property
    def records(self) -> dict[uuid.UUID, Kept]:
        refs = self._refs(KEPT | {K.AUTHOR})
        rows = list(Record.objects.at(self.site).filter(record_id__in=refs)) if refs else []
        return {row.record_id: Kept(row, self.names.get(row.by, row.by)) for row in rows}

    @cached_property
    def names(self) -> dict[str, str]:
        return team_names(self.site)

    @cached_property
    def incidents(self) -> dict[uuid.UUID, OpenIncident]:
        refs = self._refs({K.INCIDENT})
        rows = list(Incident.objects.at(self.site).filter(ref__in=refs)) if refs else []
        hours = deadlines(self.site) if rows else {}
        return {row.ref: OpenIncident(row, due_at(row, hours)) for row in rows}

    def line(self, item: Item) -> Line:
        kind = KINDS[item.kind]
        more: dict[str, Any] = {}
        match item.kind:
            case K.VISIT:
                words, detail = self._visit(item.ref)
                url = reverse("visit", args=[item.ref])
            case K.EVENT | K.NO_ENDPOINT | K.DEATH:
                event = self.events[item.ref]
                words, detail, url = place_words(event), "", reverse("overdose", args=[item.ref])
                if item.kind == K.DEATH:
                    more["death"] = death_of(self.site, event)
            case K.INCIDENT:
                more["incident"] = self.incidents[item.ref]
                words, detail = label("incident", self.incidents[item.ref].incident.kind), ""
                url = reverse("incident", args=[item.ref])
            case K.NO_LOT:
                words, detail, url = *self._of_event(item.ref), self._event_record(item.ref)
            case K.IMPLAUSIBLE | K.BELOW_ZERO | K.CLOCK | K.BACKDATED:
                words, detail, url = self._odd(item)
            case _:
                words, detail, url, more["kept"] = self._kept(item)
        return Line(item, kind, words[:1].upper() + words[1:], detail, url, **more)

    def _visit(self, ref: uuid.UUID) -> tuple[str, str]:
        named = self.visits[ref]
        return f"{named.word} {named.number}", named.visit.get_state_display().capitalize()

    def _of_event(self, record_id: uuid.UUID) -> tuple[str, str]:
        return _("Naloxone donnée sans lot"), place_words(self.of_lines[record_id])

    def _event_record(self, record_id: uuid.UUID) -> str:
        return reverse("overdose-correct", args=[self.of_lines[record_id].ref, record_id])

    def _kept(self, item: Item) -> tuple[str, str, str, Kept]:
        kept = self.records[item.ref]
        parts = [value for _name, value in kept.said] + kept.why + ([kept.author] if kept.author else [])
        if item.kind == K.CONFLICT:
            url = reverse("review-compare", args=[item.ref])
        else:
            url = reverse("confirm") if item.kind == K.AUTHOR else ""
        return kept.words, " · ".join(parts), url, kept

    def _odd(self, item: Item) -> tuple[str, str, str]:
        """What is odd about it, where, and where it is mended."""
        said = dict(item.said or {})
        words, detail = odd_words(item.kind, item.rule, said)
        if item.kind == K.BELOW_ZERO:
            return words, detail, reverse("stock-lot", args=[item.ref])
        if item.kind == K.BACKDATED:
            return words, detail, self._day(item)
        if item.kind == K.CLOCK:
            may = self.staff.may(Permission.MANAGE_STAFF)
            return words, detail, reverse("setup-tablets") if may else self._day(item)
        if item.rule in OF_VISITS:
            name, _state = self._visit(item.ref)
            return words, " · ".join(filter(None, [name, detail])), reverse("visit", args=[item.ref])
        if item.rule in OF_EVENTS:
            where = place_words(self.events[item.ref])
            return words, " · ".join(filter(None, [where, detail])), reverse("overdose", args=[item.ref])
        if item.rule == "measure":
            return words, place_words(self.of_lines[item.ref]), self._event_record(item.ref)
        if item.rule in OF_RECORDS:
            return words, detail, reverse("record-correct", args=[item.ref]) + self.back
        return words, detail, self._number(item)

    def _day(self, item: Item) -> str:
        return f"{reverse('visits')}?day={item.day:%Y-%m-%d}"

    def _number(self, item: Item) -> str:
        """The day's report speaks for its numbers; who may not read it opens the day's visits."""
        if self.staff.may(Permission.READ_REPORTS):
            return reverse("report", args=[f"{item.day:%Y-%m-%d}"])
        return self._day(item)
