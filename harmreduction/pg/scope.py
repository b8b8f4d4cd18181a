"""Who a transaction acts as: its database role and the sites it may see.

Every transaction begins with this scope (harmreduction.pg.base), so a query that
names no site finds nothing, and a writer that names no role may write nothing.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from django.db import connections

APP, SEAL, RELEASE, PURGE = "scs_app", "scs_seal", "scs_release", "scs_purge"
OWNER = "none"


@dataclass(frozen=True)
class Scope:
    role: str = APP
    sites: tuple[int, ...] = ()
    staff: int | None = None
    token: str = ""

    def settings(self) -> tuple[str, str, str, str]:
        staff = "" if self.staff is None else str(self.staff)
        return self.role, ",".join(map(str, self.sites)), staff, self.token


_current: ContextVar[Scope] = ContextVar("scope", default=Scope())  # noqa: B039 - frozen


def current() -> Scope:
    return _current.get()


@contextmanager
def acting(
    *,
    role: str | None = None,
    sites: Iterable[int] | None = None,
    staff: int | None = None,
    token: str | None = None,
) -> Iterator[None]:
    """Act with another role, sites, staff or device token until the block ends."""
    changes: dict = {}
    if role is not None:
        changes["role"] = role
    if sites is not None:
        changes["sites"] = tuple(sites)
    if staff is not None:
        changes["staff"] = staff
    if token is not None:
        changes["token"] = token
    mark = _current.set(replace(_current.get(), **changes))
    _apply()
    try:
        yield
    finally:
        _current.reset(mark)
        _apply()


def _apply() -> None:
    for connection in connections.all(initialized_only=True):
        connection.apply_scope()


def as_owner():
    """Migrations and grants: the login role itself. Row security still holds."""
    return acting(role=OWNER)
