"""What time it is, for everything that asks what is due."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

from sites.clockwork.models import Heartbeat, Instant

_as_of: ContextVar[datetime | None] = ContextVar("as_of", default=None)


class ClockWentBack(Exception):
    """An --as-of earlier than one already used."""


def now() -> datetime:
    """The instant in force: the one being replayed, else the real clock. UTC."""
    return _as_of.get() or timezone.now()


@contextmanager
def replaying(as_of: datetime | None) -> Iterator[None]:
    """Act as if the clock read `as_of`; the database keeps the latest instant used."""
    if as_of is None:
        yield
        return
    latest = Instant.objects.select_for_update().filter(pk=1).first()
    if latest and as_of < latest.as_of:
        raise ClockWentBack(latest.as_of)
    Instant.objects.update_or_create(pk=1, defaults={"as_of": as_of})
    mark = _as_of.set(as_of)
    try:
        yield
    finally:
        _as_of.reset(mark)


def replay_is_ahead() -> bool:
    """History was replayed past the real clock: what is due by that clock is already done."""
    return Instant.objects.filter(as_of__gt=timezone.now()).exists()


def beat(name: str) -> None:
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=timezone.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )
