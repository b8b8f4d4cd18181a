"""A record that was refused because of another one: both, side by side, field by field."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from sites.people.models import Staff
from sites.places.models import Site
from sites.places.queries import local
from sites.records.history import value_words
from sites.records.models import Record
from sites.records.stories import KINDS, Story, Telling, tell
from sites.records.terms import Status
from sites.records.words import IDS, field_words, kind_words


@dataclass(frozen=True)
class Row:
    """One thing that each of them says, in words."""

    words: str
    a: str
    b: str

    @property
    def differs(self) -> bool:
        return self.a != self.b


def rival_of(record: Record) -> Telling | None:
    """What counts, against which the record was kept aside; None when nothing of it is left."""
    if record.status != Status.CONFLICT:
        return None
    if code_of(record) == "id_used":
        return _same_id(record)
    story = _story(record)
    return story.rival(record) if story and record.subject else None


def code_of(record: Record) -> str:
    """Why it was kept aside: the code of its first error."""
    return next((error["code"] for errors in record.errors.values() for error in errors), "")


def _story(record: Record) -> Story | None:
    return KINDS[record.kind].story if record.kind in KINDS else None


def _same_id(record: Record) -> Telling | None:
    """The first to bear the id that this one came under (see records.services)."""
    around = timedelta(days=1)
    days = (record.service_date - around, record.service_date + around)
    near = Record.objects.at(record.site).filter(service_date__range=days).exclude(pk=record.pk)
    suffix = bytes(record.content_mac).hex()
    found = next((one for one in near if uuid.uuid5(one.record_id, suffix) == record.record_id), None)
    return tell(found) if found else None


def rows_of(site: Site, first: Telling, second: Record) -> list[Row]:
    """What the one that counts (A) and the one kept aside (B) say."""
    names = dict(Staff.objects.filter(code__in=[first.by, second.by]).values_list("code", "display_name"))
    rows = [
        Row(_("Genre de saisie"), kind_words(first.kind), kind_words(second.kind)),
        Row(_("Heure"), _clock(site, first.occurred_at), _clock(site, second.occurred_at)),
        Row(_("Auteur"), names.get(first.by, first.by), names.get(second.by, second.by)),
    ]
    return rows + _who(site, first, second) + _fields(first, second)


def _clock(site: Site, instant) -> str:
    at = local(site, instant)
    return _("%(h)s h %(m)s") % {"h": at.hour, "m": f"{at.minute:02d}"}


def _who(site: Site, first: Telling, second: Record) -> list[Row]:
    story = _story(second)
    field = story.subject_field if story else ""
    if not story or not field:
        return []
    refs = [str(telling.data.get(field, "")) for telling in (first, second)]
    called = story.called(site, [ref for ref in refs if ref])
    return [Row(field_words(field), *(called.get(ref, _("inconnue")) for ref in refs))] if called else []


def _fields(first: Telling, second: Record) -> list[Row]:
    names = [name for name in dict.fromkeys([*first.data, *second.data]) if name not in IDS]
    return [
        Row(
            field_words(name),
            value_words(first.kind, name, first.data[name]) if name in first.data else "–",
            value_words(second.kind, name, second.data[name]) if name in second.data else "–",
        )
        for name in names
    ]
