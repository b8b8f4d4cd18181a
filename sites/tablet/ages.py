"""How long ago: a record's age is told as of sending, and goes on counting until it is received."""

from datetime import datetime, timedelta

from sites.records.envelopes import instant
from sites.records.terms import CLOCK_TOLERANCE_S

TOLERANCE = timedelta(seconds=CLOCK_TOLERANCE_S)


def under_way(sent_at: object, received_at: datetime) -> float:
    """Seconds since a sender that measured our clock says it sent; 0 when it does not say, or cannot know."""
    sent = instant(sent_at)
    lag = received_at - sent if sent else timedelta()
    return lag.total_seconds() if abs(lag) <= TOLERANCE else 0


def aged(records: list, seconds: float) -> list:
    """The same records, each that tells its age so much older."""
    return [_one_aged(record, seconds) for record in records]


def _one_aged(record: object, seconds: float) -> object:
    age = record.get("age_s") if isinstance(record, dict) else None
    if not isinstance(age, int | float) or isinstance(age, bool):
        return record
    return {**record, "age_s": max(0, age + seconds) if age >= 0 else age}
