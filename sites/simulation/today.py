"""The shift that is running when the demo is loaded: the earlier hours, and who is here now."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle

from sites.clockwork.services import now
from sites.naloxone.queries import lots_on_hand, usable
from sites.naloxone.terms import shelf_ref
from sites.places.models import Booth, Site
from sites.places.queries import day_bounds, local, today
from sites.records.pages import new_id
from sites.records.services import Sender, submit
from sites.simulation.bulk import Book, write
from sites.simulation.frames import frame
from sites.simulation.history import days_of
from sites.simulation.loading import Loader
from sites.simulation.pen import Told

WINDOW_MIN = 95  # nobody who is here came longer ago
EXPIRES_IN = timedelta(days=18)
FEW_UNITS = 4
FEW_MOUTHPIECES = 12
SAID = cycle(["Rive", "Lynx", "Jade", "Orme", "Sable", "Pluie", "Onyx", "Brume", "Geai", "Cèdre"])


@dataclass
class Now:
    """Writes what the team typed during the last hour and a half."""

    site: Site
    team: list[str]
    present: datetime
    stretch: float
    records: list[dict] = field(default_factory=list)

    def tell(self, kind: str, minutes_ago: float, /, **data) -> None:
        at = (self.present - timedelta(minutes=minutes_ago * self.stretch)).isoformat()
        self.records.append(
            {
                "id": str(new_id()),
                "kind": kind,
                "occurred_at": at,
                "entered_at": at,
                "seq": len(self.records) + 1,
                "by": self.team[len(self.records) % len(self.team)],
                "data": data,
            }
        )

    def arrive(self, minutes_ago: float, substances: list[str], route: str, *, handle: bool = False) -> str:
        visit = str(new_id())
        who = {"handle": next(SAID)} if handle else {}
        self.tell("visit.arrived", minutes_ago, visit=visit, **who)
        self.tell("visit.assessed", minutes_ago - 1, visit=visit, substances=substances, route=route)
        return visit

    def seat(self, visit: str, minutes_ago: float, booth: str, substances: list[str], route: str) -> None:
        self.tell("visit.seated", minutes_ago, visit=visit, booth=booth)
        self.tell("consumption.recorded", minutes_ago - 2, visit=visit, substances=substances, route=route)


def tell_today(site: Site, *, seed: int, visits_per_day: float, lively: bool) -> None:
    """`lively` fills the room; another site has a few people only."""
    team = _tell_earlier(site, seed, visits_per_day)
    begun = (now() - day_bounds(site, today(site))[0]) / timedelta(minutes=WINDOW_MIN)
    here = Now(site, team, now(), min(1.0, begun))
    _tell_room(here, lively)
    if lively:
        _tell_emergency(here)
        _tell_logbook(here)
        _tell_stock(here)
    receipts = submit(site=site, records=here.records, sender=Sender(staff=team[0]))
    refused = [(r.status, r.errors) for r in receipts if r.status != "created"]
    if refused:
        raise AssertionError(f"the demo's own records were refused: {refused[:3]}")


def _tell_earlier(site: Site, seed: int, visits_per_day: float) -> list[str]:
    """Visits that are over by now; returns the team."""
    day = today(site)
    framed = frame(site, seed=seed, visits_per_day=visits_per_day, first=day, last=day)
    over = now() - timedelta(minutes=WINDOW_MIN)
    stories: dict[uuid.UUID, list[Told]] = {}
    for _day, of_day in days_of(framed):
        for told in of_day:
            stories.setdefault(told.subject, []).append(told)
    kept = [story for story in stories.values() if _is_over(story, over)]
    with Loader() as loader:
        write(Book(site, seed, loader), [told for story in kept for told in story])
    return framed.team


def _is_over(story: list[Told], over: datetime) -> bool:
    """What draws on the shelf is left out: it was told from an empty one."""
    return all(
        told.telling.received_at < over
        and not told.telling.kind.startswith(("naloxone", "kit."))
        and told.telling.kind != "overdose.dose"
        for told in story
    )


def _tell_room(here: Now, lively: bool) -> None:
    booths = Booth.objects.at(here.site).filter(retired=False, out_since=None).select_related("room")
    injection = [b.label for b in booths if not any(r.startswith("inh") for r in b.room.routes)]
    inhalation = [b.label for b in booths if any(r.startswith("inh") for r in b.room.routes)]
    places = iter(injection)
    for minutes, drug, handle in [(31, "fentanyl", True), (22, "heroin", False), (9, "cocaine", True)][
        : 3 if lively else 1
    ]:
        visit = here.arrive(minutes + 6, [drug], "inj_iv", handle=handle)
        here.seat(visit, minutes, next(places), [drug], "inj_iv")
        if minutes > 30:
            here.tell("visit.checked", 11, visit=visit)
    if lively and inhalation:
        visit = here.arrive(8, ["crack"], "inh_smoke")
        here.seat(visit, 4, inhalation[0], ["crack"], "inh_smoke")
    for minutes, drug in [(17, "hydromorphone"), (6, "cocaine")][: 2 if lively else 1]:
        visit = here.arrive(minutes + 32, [drug], "inj_iv", handle=True)
        here.seat(visit, minutes + 26, injection[-1 if minutes > 10 else -2], [drug], "inj_iv")
        here.tell("visit.aftercare", minutes, visit=visit)
    for minutes, drug, route in [
        (14, "fentanyl", "inj_iv"),
        (7, "methamphetamine", "inj_iv"),
        (3, "cocaine", "in"),
    ][: 3 if lively else 1]:
        here.arrive(minutes, [drug], route, handle=minutes == 7)
    # Nobody else's booth: just after the cut-over all of this happened within one minute.
    alone = injection[len(injection) // 2 - 1]
    visit = here.arrive(58, ["heroin"], "inj_iv")
    here.seat(visit, 52, alone, ["heroin"], "inj_iv")
    here.tell("visit.closed", 33.5, visit=visit, discharge_to="street")


def _tell_emergency(here: Now) -> None:
    """Someone who was given naloxone and is observed since."""
    visit = here.arrive(75, ["fentanyl"], "inj_iv")
    booth = str(Booth.objects.at(here.site).filter(room__position=0).order_by("position")[3].label)
    here.seat(visit, 70, booth, ["fentanyl"], "inj_iv")
    event = str(new_id())
    where = {"location": "booth", "booth": booth, "visit": visit, "person": "client_visit"}
    here.tell("overdose.opened", 62, event=event, **where)
    for minutes, step in [(62, "recognised"), (61.7, "stimulation"), (61, "oxygen_start")]:
        here.tell("overdose.step", minutes, event=event, step=step)
    here.tell("overdose.step", 60, event=event, step="vitals", measure="spo2", value="84")
    lot = next(
        row.lot for row in lots_on_hand(here.site) if row.lot.product.code == "nal-im-0.4" and row.units > 0
    )
    dose = {"product": "nal-im-0.4", "route": "im", "dose_mg": "0.4", "given_by": "staff_nurse"}
    here.tell("overdose.dose", 57, event=event, lot=str(lot.ref), **dose)
    here.tell("overdose.step", 50, event=event, step="vitals", measure="spo2", value="96")
    ends = {"presentation": "opioid_resp_depression", "outcome": "recov", "ems_called": "no"}
    points = {"endpoint_rr": "14", "endpoint_spo2": "97", "endpoint_awake": "yes"}
    here.tell("overdose.closed", 45, event=event, **ends, **points)
    here.tell("visit.aftercare", 44, visit=visit)


def _tell_logbook(here: Now) -> None:
    """What a shift offered, and what it left to follow."""
    incident, left = str(new_id()), str(new_id())
    until = local(here.site, here.present).date() + timedelta(days=6)
    here.tell("service.recorded", 70, kind="wound", placement="in_scs")
    here.tell("service.recorded", 41, kind="housing", placement="offsite", accepted=True)
    here.tell("service.recorded", 20, kind="vaccination", placement="in_scs", details=["vaccine_hav"])
    strip = {"method": "strip_benzodiazepine", "expected": ["fentanyl"], "detected": ["benzodiazepine"]}
    here.tell("drugcheck.recorded", 34, **strip, sample="returned")
    decided = {"action": "suspended", "decided_by_role": "shift_lead", "appeal": True}
    dates = {"until": until.isoformat(), "review_at": (until - timedelta(days=3)).isoformat()}
    here.tell("breach.recorded", 26, code="threats", **decided, **dates)
    pricked = {"kind": "needlestick", "location": "washroom", "staff_hurt": True}
    here.tell("incident.recorded", 50, incident=incident, **pricked)
    here.tell("leftbehind.recorded", 66, left=left, step="found", place="Place 2")
    here.tell("leftbehind.recorded", 64, left=left, step="sealed", seal_no="B-104")


def _tell_stock(here: Now) -> None:
    """One product runs low, one lot expires soon, and few of one supply are left."""
    rows = [row for row in lots_on_hand(here.site) if row.lot.product.code == "nal-in-4" and not row.expired]
    too_many = usable(rows).get("nal-in-4", 0) - FEW_UNITS
    for row in rows:
        units = min(row.units, too_many)
        if units > 0:
            here.tell("naloxone.moved", 80, lot=str(row.lot.ref), move="transferred", quantity=units)
            too_many -= units
    shelf = shelf_ref(here.site.code, "mouthpiece")
    here.tell("supplies.received", 79, lot=str(shelf), product="mouthpiece", quantity=FEW_MOUTHPIECES)
    here.tell(
        "naloxone.received",
        79,
        lot=str(new_id()),
        product="nal-im-0.4",
        lot_code="E40217",
        expiry=(local(here.site, here.present).date() + EXPIRES_IN).isoformat(),
        quantity=12,
    )
