"""The rows that one service day is counted from, read for several days at once in a dozen queries."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from sites.indicators.rows import (
    BreachRow,
    ConsumptionRow,
    DoseRow,
    DrugCheckRow,
    EventRow,
    IncidentRow,
    KitRow,
    LossRow,
    ServiceRow,
    StayRow,
    StepRow,
    SupplyActRow,
    SupplyLineRow,
    TurnAwayRow,
    VisitRow,
    load_logbook,
    read,
)
from sites.indicators.terms import LOSSES
from sites.indicators.uniques import month_clients, new_clients, unique_clients
from sites.naloxone.models import KitGiven, Lot, StockMovement
from sites.naloxone.terms import ProductKind
from sites.overdoses.models import NaloxoneDose, OverdoseEvent, ResponseStep
from sites.overdoses.terms import SITE_GIVERS
from sites.places.models import Booth, Site
from sites.places.queries import local, opening_calendar
from sites.records.models import Record
from sites.records.stories import CORRECTED, VOIDED
from sites.records.terms import IMPORT_FLAG, Status
from sites.supplies.models import SupplyAct, SupplyLine
from sites.visits.models import BoothStay, Consumption, TurnAway, Visit

LATE = timedelta(hours=24)
CALL_911 = "call_911"
COUNTED_STEPS = ("ems_arrival", "observation_start", "observation_end", CALL_911)


@dataclass
class DayFacts:
    """One service day of one site: visits by arrival, everything else by its own day."""

    site: Site
    day: date
    visits: list[VisitRow] = field(default_factory=list)
    stays: list[StayRow] = field(default_factory=list)
    consumptions: list[ConsumptionRow] = field(default_factory=list)
    turn_aways: list[TurnAwayRow] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    staff_doses: list[DoseRow] = field(default_factory=list)
    steps: list[StepRow] = field(default_factory=list)
    supply_acts: list[SupplyActRow] = field(default_factory=list)
    supply_lines: list[SupplyLineRow] = field(default_factory=list)
    kits: list[KitRow] = field(default_factory=list)
    losses: list[LossRow] = field(default_factory=list)
    services: list[ServiceRow] = field(default_factory=list)
    drug_checks: list[DrugCheckRow] = field(default_factory=list)
    breaches: list[BreachRow] = field(default_factory=list)
    incidents: list[IncidentRow] = field(default_factory=list)
    # Refs named by events, whatever the events' own day.
    visits_in_emergency: set[uuid.UUID] = field(default_factory=set)
    unique_clients: int = 0
    month_clients: int | None = None
    new_clients: int = 0
    open_minutes: int = 0
    booths: int = 0
    records: int = 0
    backdated: int = 0
    kept_records: int = 0
    imported_visits: int = 0
    imported_events: int = 0

    def local_hour(self, instant: datetime) -> int:
        return local(self.site, instant).hour


def load_days(site: Site, days: Iterable[date]) -> dict[date, DayFacts]:
    """Facts of each of these days, in the days' order."""
    loaded = {day: DayFacts(site, day) for day in days}
    _load_visits(site, loaded)
    _load_events(site, loaded)
    _load_supplies(site, loaded)
    _load_stock(site, loaded)
    load_logbook(site, loaded)
    _load_records(site, loaded)
    calendar = opening_calendar(site, min(loaded), max(loaded))
    booths = list(Booth.objects.at(site))
    people, months, new = unique_clients(site, loaded), month_clients(site, loaded), new_clients(site, loaded)
    for day, facts in loaded.items():
        facts.unique_clients, facts.month_clients, facts.new_clients = people[day], months[day], new[day]
        facts.open_minutes = sum(int((end - start).total_seconds() // 60) for start, end in calendar[day])
        facts.booths = sum(booth.in_use(day) for booth in booths)
    return loaded


def _load_visits(site: Site, loaded: dict[date, DayFacts]) -> None:
    visits = Visit.objects.at(site).filter(service_date__in=loaded)
    days: dict[uuid.UUID, date] = {}
    for visit in read(visits, VisitRow, day="service_date"):
        loaded[visit.day].visits.append(visit)
        days[visit.ref] = visit.day
    _load_stays(site, loaded)
    consumptions = Consumption.objects.at(site).filter(service_date__in=loaded)
    for consumption in read(consumptions, ConsumptionRow, day="service_date"):
        loaded[consumption.day].consumptions.append(consumption)
    turn_aways = TurnAway.objects.at(site).filter(service_date__in=loaded)
    for turn_away in read(turn_aways, TurnAwayRow, day="service_date"):
        loaded[turn_away.day].turn_aways.append(turn_away)
    # By their refs: on tables never analysed, a join of the two is guessed wrong by orders of magnitude.
    linked = OverdoseEvent.objects.at(site).filter(visit_ref__in=days)
    for ref in linked.values_list("visit_ref", flat=True):
        loaded[days[ref]].visits_in_emergency.add(ref)


def _load_stays(site: Site, loaded: dict[date, DayFacts]) -> None:
    stays = BoothStay.objects.at(site).filter(visit__service_date__in=loaded, during__upper_inf=False)
    rows = stays.order_by("pk").values_list("visit__service_date", "visit__route", "during")
    for day, route, during in rows:
        minutes = int((during.upper - during.lower).total_seconds() // 60)
        loaded[day].stays.append(StayRow(day, route, minutes))


def _load_events(site: Site, loaded: dict[date, DayFacts]) -> None:
    events = OverdoseEvent.objects.at(site).filter(service_date__in=loaded)
    for event in read(events, EventRow, day="service_date"):
        loaded[event.day].events.append(event)
    doses = NaloxoneDose.objects.at(site).filter(
        event__service_date__in=loaded, given_by__in=sorted(SITE_GIVERS)
    )
    for dose in read(doses, DoseRow, day="event__service_date"):
        loaded[dose.day].staff_doses.append(dose)
    steps = ResponseStep.objects.at(site).filter(event__service_date__in=loaded, step__in=COUNTED_STEPS)
    for step in read(steps, StepRow, day="event__service_date"):
        loaded[step.day].steps.append(step)


def _load_supplies(site: Site, loaded: dict[date, DayFacts]) -> None:
    acts = SupplyAct.objects.at(site).filter(service_date__in=loaded)
    for act in read(acts, SupplyActRow, day="service_date"):
        loaded[act.day].supply_acts.append(act)
    lines = SupplyLine.objects.at(site).filter(service_date__in=loaded)
    # With where its act was: acts that come in between were not read.
    for line in read(lines, SupplyLineRow, day="service_date", location_kind="act__location_kind"):
        loaded[line.day].supply_lines.append(line)


def _load_stock(site: Site, loaded: dict[date, DayFacts]) -> None:
    """Hand-outs, and the doses of what was lost: a lot that is not here yet is taken for single doses."""
    for kit in read(KitGiven.objects.at(site).filter(service_date__in=loaded), KitRow, day="service_date"):
        loaded[kit.day].kits.append(kit)
    lost = StockMovement.objects.at(site).filter(service_date__in=loaded, move__in=LOSSES)
    rows = list(lost.order_by("pk").values_list("service_date", "move", "units", "lot_ref"))
    lots = Lot.objects.at(site).filter(ref__in={row[3] for row in rows})
    doses = {
        ref: doses * (kind != ProductKind.SUPPLY)
        for ref, kind, doses in lots.values_list("ref", "product__kind", "product__doses")
    }
    for day, move, units, lot in rows:
        loaded[day].losses.append(LossRow(day, move, -units * doses.get(lot, 1)))


def _load_records(site: Site, loaded: dict[date, DayFacts]) -> None:
    """How many records the day has, how many were typed a day late, how many still wait for a person."""
    voided = Record.objects.at(site).filter(target=OuterRef("record_id"), kind=VOIDED, status=Status.CREATED)
    applied = Q(~Exists(voided), ~Q(kind__in=(CORRECTED, VOIDED)), status=Status.CREATED)
    imported = applied & Q(flags__contains=[IMPORT_FLAG])
    counted = (
        Record.objects.at(site)
        .filter(service_date__in=loaded)
        .order_by()
        .values("service_date")
        .annotate(
            records=Count("pk", filter=applied),
            backdated=Count("pk", filter=applied & Q(entered_at__gt=F("occurred_at") + LATE)),
            kept=Count("pk", filter=~Q(status=Status.CREATED) & Q(settled_at__isnull=True)),
            visits=Count("pk", filter=imported & Q(kind="visit.arrived")),
            events=Count("pk", filter=imported & Q(kind="overdose.opened")),
        )
    )
    for row in counted:
        facts = loaded[row["service_date"]]
        facts.records, facts.backdated = row["records"], row["backdated"]
        facts.kept_records = row["kept"]
        facts.imported_visits, facts.imported_events = row["visits"], row["events"]
