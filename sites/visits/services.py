"""What a visit's records add up to: its state, its stays, what was consumed.

Everything is folded from the whole story each time, so late, corrected and voided records need no
code of their own. Judgements (seat taken, already closed) are made at the time of the record.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from psycopg.types.range import Range

from harmreduction.pg.rows import change, insert
from sites.clients.services import count_person, known_client
from sites.places.models import Booth, Site
from sites.places.queries import service_date
from sites.records.errors import Conflict, Invalid
from sites.records.stories import Fact, Telling
from sites.visits.models import BoothStay, Consumption, TurnAway, Visit
from sites.visits.queries import allows, booths_named, free_booths, next_in, stays_of, visit_of
from sites.visits.terms import ENDED, VisitState

ENDINGS = {"visit.closed": VisitState.CLOSED, "visit.left": VisitState.LEFT}
# Two seatings this close are two people asking for one seat, whichever tablet's clock ran ahead.
AT_THE_SAME_TIME = timedelta(minutes=1)
LEAVES_BOOTH = {"visit.seated", "visit.aftercare", *ENDINGS}


# --- Folding: records → state, no database ---------------------------------------------


@dataclass
class Stay:
    booth: str
    start: datetime
    end: datetime | None = None


@dataclass
class VisitFold:
    """A visit as its records tell it."""

    arrived: Telling
    state: VisitState = VisitState.WAITING
    since: datetime | None = None
    substances: list[str] = field(default_factory=list)
    route: str = ""
    assessed_at: datetime | None = None
    seated_at: datetime | None = None
    checked_at: datetime | None = None
    aftercare_at: datetime | None = None
    ended_at: datetime | None = None
    discharge_to: str = ""
    left_reason: str = ""
    stays: list[Stay] = field(default_factory=list)
    consumptions: list[Telling] = field(default_factory=list)

    @property
    def booth(self) -> str | None:
        return self.stays[-1].booth if self.state == VisitState.IN_BOOTH else None


def fold(tellings: list[Telling]) -> VisitFold | None:
    """Read a visit's records in order of happening. None when it never arrived."""
    arrived = next((t for t in tellings if t.kind == "visit.arrived"), None)
    if arrived is None:
        return None
    visit = VisitFold(arrived=arrived, since=arrived.occurred_at)
    for telling in tellings:
        if visit.ended_at is None:
            _tell(visit, telling)
    return visit


def _tell(visit: VisitFold, telling: Telling) -> None:
    at, data = telling.occurred_at, telling.data
    if telling.kind in LEAVES_BOOTH and visit.stays and visit.stays[-1].end is None:
        visit.stays[-1].end = at
    match telling.kind:
        case "visit.assessed":
            visit.substances, visit.route, visit.assessed_at = data["substances"], data["route"], at
        case "visit.seated":
            visit.stays.append(Stay(data["booth"], at))
            visit.state, visit.since = VisitState.IN_BOOTH, at
            visit.seated_at = visit.seated_at or at
        case "consumption.recorded":
            visit.substances, visit.route = data["substances"], data["route"]
            visit.consumptions.append(telling)
        case "visit.checked":
            visit.checked_at = at
        case "visit.aftercare":
            visit.state, visit.since, visit.aftercare_at = VisitState.AFTERCARE, at, at
        case "visit.closed" | "visit.left":
            visit.state, visit.since, visit.ended_at = ENDINGS[telling.kind], at, at
            visit.discharge_to = data.get("discharge_to", "")
            visit.left_reason = data.get("reason", "")


# --- Judging: what stands against a record ----------------------------------------------


def check(fact: Fact, known: list[Telling]) -> None:
    """Raise what stands against the record, at the time it happened."""
    telling = fact.telling
    if telling is None:
        return
    if telling.kind == "visit.arrived":
        if any(t.kind == "visit.arrived" for t in known):
            raise Conflict("exists", _("Cette visite existe déjà."), "visit")
        return
    _check_not_ended(telling, known)
    if telling.kind == "visit.seated":
        _check_seat(fact, telling, known)


def _check_not_ended(telling: Telling, known: list[Telling]) -> None:
    ended = next((t for t in known if t.kind in ENDINGS), None)
    if ended is None:
        return
    if telling.kind in ENDINGS or telling.order > ended.order:
        raise Conflict("closed", _("Cette visite est déjà fermée."), "visit")


def _check_seat(fact: Fact, telling: Telling, known: list[Telling]) -> None:
    label = telling.data["booth"]
    booth = _named_booths(fact.site, {label})[label]
    # A correction may speak of a booth that has since been taken away; nobody new sits there.
    if booth.retired and not telling.corrected:
        raise Invalid("unknown", _("Cette place n’existe plus."), "booth")
    route = _route_at(telling, known)
    if not allows(booth, route):
        raise Invalid("route", _("Cette place n’accepte pas cette voie."), "booth")
    if booth.out_since and booth.out_since <= telling.occurred_at:
        raise Conflict("out", _("La place %(booth)s est hors service.") % {"booth": booth.label}, "booth")
    at = telling.occurred_at
    taken = (
        BoothStay.objects.at(fact.site)
        .filter(booth=booth, during__overlap=Range(at, at + AT_THE_SAME_TIME))
        .exclude(visit__ref=fact.subject)
        .exists()
    )
    if taken:
        raise Conflict("taken", _taken_message(fact.site, booth, route), "booth")


def _named_booths(site: Site, labels: set[str]) -> dict[str, Booth]:
    """By their labels, those taken away included. Raises Invalid when one is not of this site."""
    found = booths_named(site, labels) if labels else {}
    if labels - found.keys():
        raise Invalid("unknown", _("Cette place n’existe pas sur ce site."), "booth")
    return found


def _route_at(telling: Telling, known: list[Telling]) -> str:
    declared = [t for t in known if t.data.get("route") and t.order < telling.order]
    return declared[-1].data["route"] if declared else ""


def _taken_message(site: Site, booth: Booth, route: str) -> str:
    free = [b.label for b in free_booths(site, route) if b.pk != booth.pk]
    if free:
        return _("Cette place vient d’être prise. La place %(free)s est libre.") % {"free": free[0]}
    return _("Cette place vient d’être prise. Aucune autre n’est libre.")


# --- Writing what was folded ------------------------------------------------------------


def refresh(fact: Fact, tellings: list[Telling]) -> Iterable[date]:
    """Write the visit's rows anew where they differ; return the service days whose counts may change."""
    site = fact.site
    before = None if fact.is_first else visit_of(site, fact.subject)
    sat = stays_of(before) if before and before.seated_at else []
    used = list(before.consumptions.all()) if before and before.consumed else []
    days = {row.service_date for row in [before, *used] if row}
    folded = fold(tellings)
    if folded is None:
        if before:
            before.delete()
        return days
    sat_in = _named_booths(site, {stay.booth for stay in folded.stays})
    visit = _write_visit(fact, before, folded, sat_in)
    _write_stays(visit, folded, sat_in, sat)
    consumptions = [consumption_row(visit, telling) for telling in folded.consumptions]
    _write_consumptions(visit, used, consumptions)
    return days | {visit.service_date} | {row.service_date for row in consumptions}


def begin(fact: Fact, tellings: list[Telling]) -> Visit | None:
    """The row of a visit that has no other: nobody told by a handle, no seat taken, nothing used."""
    folded = fold(tellings)
    if folded is None or fact.handle_code or folded.stays or folded.consumptions:
        return None
    return put_fold(Visit(site=fact.site, ref=fact.subject), folded)


def _write_visit(fact: Fact, before: Visit | None, folded: VisitFold, sat_in: dict[str, Booth]) -> Visit:
    site = fact.site
    visit = put_fold(before or Visit(site=site, ref=fact.subject), folded)
    if fact.handle_code and fact.telling and fact.telling.kind == "visit.arrived":
        visit.handle_code = None if visit.state in ENDED else fact.handle_code
        visit.client = known_client(site, fact.handle_code)
        count_person(site, fact.handle, visit.service_date)
    visit.booth = sat_in[folded.booth] if folded.booth else None
    if before:
        change(visit)
    else:
        visit.save()
    return visit


def put_fold(visit: Visit, folded: VisitFold) -> Visit:
    """Set every column that the records alone decide; no database."""
    arrived = folded.arrived
    visit.arrived_at = arrived.occurred_at
    visit.service_date = service_date(visit.site, arrived.occurred_at)
    visit.gender, visit.age_band = arrived.data.get("gender", ""), arrived.data.get("age_band", "")
    visit.handle_given = bool(arrived.data.get("handle_given"))
    for name in (
        "state", "since", "substances", "route", "assessed_at", "seated_at", "checked_at",
        "aftercare_at", "ended_at", "discharge_to", "left_reason",
    ):  # fmt: skip
        setattr(visit, name, getattr(folded, name))
    visit.consumed = bool(folded.consumptions)
    if visit.state in ENDED:
        visit.handle_code = None
    return visit


def _write_stays(visit: Visit, folded: VisitFold, sat_in: dict[str, Booth], sat: list[tuple]) -> None:
    """A seat that someone else took later was left by then, recorded or not. `sat`: (booth, when) as kept."""
    stays = []
    for stay in folded.stays:
        booth, end = sat_in[stay.booth], stay.end
        following = next_in(booth, visit, stay.start, end)
        end = following or end
        if end is None or end > stay.start:
            stays.append(BoothStay(site=visit.site, visit=visit, booth=booth, during=Range(stay.start, end)))
        if following and visit.booth_id == booth.pk and stay is folded.stays[-1]:
            visit.booth, visit.state = None, VisitState.AFTERCARE
            visit.save(update_fields=["booth", "state"])
    if [(stay.booth_id, stay.during) for stay in stays] == sat:
        return
    if sat:
        visit.stays.all().delete()
    BoothStay.objects.bulk_create(stays)


def _write_consumptions(visit: Visit, used: list[Consumption], rows: list[Consumption]) -> None:
    if _as_kept(used) == _as_kept(rows):
        return
    if used:
        visit.consumptions.all().delete()
    insert(rows)


def _as_kept(rows: list[Consumption]) -> list[dict]:
    said = ({k: v for k, v in vars(row).items() if k not in ("_state", "id")} for row in rows)
    return sorted(said, key=lambda one: one["record_id"])


def consumption_row(visit: Visit, telling: Telling) -> Consumption:
    return Consumption(
        site_id=visit.site_id,
        visit_id=visit.pk,
        record_id=telling.record_id,
        at=telling.occurred_at,
        service_date=service_date(visit.site, telling.occurred_at),
        substances=telling.data["substances"],
        route=telling.data["route"],
        split_shared=bool(telling.data.get("split_shared")),
        peer_assisted=bool(telling.data.get("peer_assisted")),
    )


def refresh_turn_away(fact: Fact, tellings: list[Telling]) -> Iterable[date]:
    rows = TurnAway.objects.at(fact.site).filter(record_id=fact.subject)
    days = set(rows.values_list("service_date", flat=True))
    rows.delete()
    for telling in tellings:
        row = turn_away_row(fact.site, telling)
        row.save()
        days.add(row.service_date)
    return days


def begin_turn_away(fact: Fact, tellings: list[Telling]) -> TurnAway:
    return turn_away_row(fact.site, tellings[0])


def turn_away_row(site: Site, telling: Telling) -> TurnAway:
    return TurnAway(
        site_id=site.pk,
        record_id=telling.record_id,
        at=telling.occurred_at,
        service_date=service_date(site, telling.occurred_at),
        reason=telling.data["reason"],
        count=telling.data["count"],
    )
