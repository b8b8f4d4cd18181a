"""What eight tablets have to tell, from a seed: valid records in their order, and what they add up to."""

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

# So long that service days close in between, and their reports are built while everything dies.
SPAN = timedelta(hours=60)
UNTIL = timedelta(minutes=10)
# What each sort of thing is told in: records at most, and how often of a hundred.
SORTS = {"visit": 44, "left": 8, "overdose": 12, "turned_away": 10, "kit": 8, "supplies": 10, "amended": 8}
LONGEST = 14
STRENGTH_MG = "0.4"


@dataclass
class Teller:
    """One tablet's day, told by one person at one booth that nobody else uses, from one lot of ampoules.

    `adds_up` counts what every record together means, by the names of the indicators.
    """

    chance: Random
    booth: str
    by: str
    lot: str
    adds_up: Counter = field(default_factory=Counter)
    kinds: Counter = field(default_factory=Counter)
    seq: int = 0
    clock: datetime = datetime.min.replace(tzinfo=UTC)
    pace: timedelta = timedelta(0)
    last_turned_away: int = 0
    on_hand: int = 5000  # units of the lot, which a box brings first

    def tell(self, records: int, now: datetime | None = None) -> list[dict]:
        """So many records, in the order in which they happened; the last story ends where they end."""
        begun = (now or datetime.now(UTC)) - UNTIL - SPAN
        room = SPAN / (records // 2 + 1)
        told = self._received(begun)
        while len(told) < records:
            self.clock = begun + room * (len(told) // 2)
            self.pace = room / (2 * LONGEST)
            sort = self.chance.choices(list(SORTS), list(SORTS.values()))[0]
            told += list(getattr(self, sort)())[: records - len(told)]
        for one in told:
            self._add_up(one)
        return told

    # --- Sorts of things ------------------------------------------------------------------
    def visit(self) -> Iterator[dict]:
        visit = {"visit": self.ref()}
        yield self.record("visit.arrived", visit | self._handle())
        used = {"substances": [self.chance.choice(["fentanyl", "cocaine"])], "route": "inj_iv"}
        if self.chance.random() < 0.6:
            yield self.record("visit.assessed", visit | used)
        yield self.record("visit.seated", visit | {"booth": self.booth})
        for _round in range(self.chance.randint(1, 2)):
            yield self.record("consumption.recorded", visit | used)
        if self.chance.random() < 0.5:
            yield self.record("visit.checked", visit)
        if self.chance.random() < 0.5:
            yield self.record("visit.aftercare", visit)
        yield self.record("visit.closed", visit | {"discharge_to": "street"})

    def left(self) -> Iterator[dict]:
        visit = {"visit": self.ref()}
        yield self.record("visit.arrived", visit | self._handle())
        yield self.record("visit.left", visit | {"reason": "wait_too_long"})

    def overdose(self) -> Iterator[dict]:
        visit, event = {"visit": self.ref()}, {"event": self.ref()}
        yield self.record("visit.arrived", visit)
        yield self.record("visit.seated", visit | {"booth": self.booth})
        yield self.record("consumption.recorded", visit | {"substances": ["fentanyl"], "route": "inj_iv"})
        yield self.record("overdose.opened", event | visit | {"location": "booth"})
        yield self.record("overdose.step", event | {"step": "oxygen_start"})
        dose = {"product": "nal-im-0.4", "route": "im", "dose_mg": STRENGTH_MG, "given_by": "staff_nurse"}
        for _dose in range(self.chance.randint(0, 2)):
            yield self.record("overdose.dose", event | dose | {"lot": self.lot})
        if called := self.chance.random() < 0.4:
            yield self.record("overdose.step", event | {"step": "call_911", "choice": "called"})
        ends = {"presentation": "opioid_resp_depression", "outcome": "recov", "endpoint_rr": "14"}
        ends |= {"endpoint_spo2": "97", "endpoint_awake": "yes", "ems_called": "yes" if called else "no"}
        yield self.record("overdose.closed", event | ends)
        yield self.record("visit.closed", visit | {"discharge_to": "home"})

    def turned_away(self) -> Iterator[dict]:
        yield self.record("turnaway.recorded", {"reason": "full", "count": self.chance.randint(1, 4)})

    def kit(self) -> Iterator[dict]:
        yield self.record("kit.given", {"kit_kind": "nasal", "count": self.chance.randint(1, 3)})

    def supplies(self) -> Iterator[dict]:
        lines = [{"item": "needle_29g", "quantity": self.chance.randint(1, 20)}]
        yield self.record("supplies.given", {"lines": lines})

    def amended(self) -> Iterator[dict]:
        """A turn-away that is corrected, or taken back."""
        first = self.record("turnaway.recorded", {"reason": "full", "count": 2})
        yield first
        about = {"target": first["id"], "reason": "erreur"}
        if self.chance.random() < 0.5:
            yield self.record("record.corrected", about | {"data": {"count": 5}})
        else:
            yield self.record("record.voided", about)

    # --- One record -----------------------------------------------------------------------
    def record(self, kind: str, data: dict) -> dict:
        self.seq += 1
        self.clock += self.pace
        at = self.clock.isoformat()
        return {
            "id": self.ref(),
            "kind": kind,
            "occurred_at": at,
            "entered_at": at,
            "seq": self.seq,
            "by": self.by,
            "data": data,
        }

    def ref(self) -> str:
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def _handle(self) -> dict:
        return {"handle": f"LUNE{self.chance.randrange(400)}"} if self.chance.random() < 0.5 else {}

    def _received(self, at: datetime) -> list[dict]:
        self.clock, self.pace = at, timedelta(0)
        box = {
            "product": "nal-im-0.4",
            "lot_code": self.lot[:8],
            "expiry": "2035-01-31",
            "quantity": self.on_hand,
        }
        return [self.record("naloxone.received", {"lot": self.lot, **box})]

    def _add_up(self, one: dict) -> None:
        """Told here once more, without the product's own counting."""
        self.kinds[one["kind"]] += 1
        data, sums = one["data"], self.adds_up
        match one["kind"]:
            case "visit.arrived":
                sums["arrivals"] += 1
            case "visit.seated":
                sums["visits"] += 1
            case "consumption.recorded":
                sums["consumptions"] += 1
            case "visit.left":
                sums["left_no_consume"] += 1
            case "overdose.dose":
                sums["naloxone_doses_staff"] += 1
                self.on_hand -= 1
            case "overdose.closed":
                sums["overdose_events"] += 1
            case "turnaway.recorded":
                sums["turned_away"] += data["count"]
                self.last_turned_away = data["count"]
            case "record.corrected":
                sums["turned_away"] += data["data"]["count"] - self.last_turned_away
            case "record.voided":
                sums["turned_away"] -= self.last_turned_away
