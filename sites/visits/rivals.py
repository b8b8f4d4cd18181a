"""What stands against a record about a visit that was kept aside, and how visits are called."""

from collections.abc import Collection

from psycopg.types.range import Range

from sites.places.models import Site
from sites.records.compare import code_of
from sites.records.models import Record
from sites.records.stories import Telling, story_of
from sites.visits.models import BoothStay
from sites.visits.queries import Named, numbered
from sites.visits.services import AT_THE_SAME_TIME, ENDINGS


def rival(record: Record) -> Telling | None:
    """Who sat there, the first end of the visit, or its first arrival."""
    if code_of(record) == "taken":
        return _who_sat_there(record)
    wanted = {"closed": set(ENDINGS), "exists": {"visit.arrived"}}.get(code_of(record), set())
    told = story_of(record.site, record.subject)
    return next((telling for telling in told if telling.kind in wanted), None)


def _who_sat_there(record: Record) -> Telling | None:
    at, label = record.occurred_at, record.data.get("booth")
    stays = BoothStay.objects.at(record.site).filter(
        booth__label=label, during__overlap=Range(at, at + AT_THE_SAME_TIME)
    )
    stay = stays.exclude(visit__ref=record.subject).select_related("visit").first()
    if stay is None:
        return None
    told = story_of(record.site, stay.visit.ref)
    seats = [t for t in told if t.kind == "visit.seated" and t.occurred_at == stay.during.lower]
    return seats[-1] if seats else None


def called(site: Site, refs: Collection[str]) -> dict[str, str]:
    """« Lichen 21 », by the id of the visit."""
    visits = numbered(site).filter(ref__in=refs)
    return {str(v.ref): f"{Named(v, v.number).word} {v.number}" for v in visits}
