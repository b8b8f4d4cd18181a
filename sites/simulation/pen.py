"""Records as the staff of a site would have written them."""

import uuid
from datetime import datetime, timedelta
from typing import NamedTuple

from sites.records.stories import Telling
from sites.simulation.dice import Dice

SOON = timedelta(seconds=35)


class Told(NamedTuple):
    """One record to be, the thing it is about, and the handle said at arrival."""

    subject: uuid.UUID
    telling: Telling
    handle: str = ""


class Pen:
    """Writes the records of one service day of one site, in order."""

    def __init__(self, dice: Dice, team: list[str], horizon: datetime):
        self.dice, self.team, self.horizon = dice, team, horizon
        self.told: list[Told] = []
        self.late = timedelta()

    def be_late(self, late: timedelta, last: datetime) -> None:
        """What follows is typed that much later, unless that were after the history ends."""
        self.late = late if last + late + SOON * 2 < self.horizon else timedelta()

    def write(self, kind: str, at: datetime, data: dict, subject: uuid.UUID | None = None, handle="") -> None:
        dice = self.dice
        entered = at + self.late + timedelta(seconds=int(dice.random() * dice.random() * 30))
        record_id = dice.uuid7(entered)
        telling = Telling(
            record_id=record_id,
            kind=kind,
            occurred_at=at,
            entered_at=entered,
            received_at=entered,
            seq=len(self.told) + 1,
            by=self.team[int(dice.random() * len(self.team))],
            data=data,
        )
        self.told.append(Told(subject or record_id, telling, handle))
