"""Which keys exist, since when, when they die and which are missing (privacy.md R10, H2). Never a key."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from sites.clients.services import KEY_LIVES, mark_dies, mark_key_name, month_end
from sites.keyring.models import KeyCheck
from sites.keyring.services import is_here, name_of
from sites.places.models import Site
from sites.places.queries import day_bounds
from sites.releases.periods import LATE_LAG

# What a name says of a key, and in which order these are shown.
LEDGER, HANDLE, REPORTS, BOX, MARK, TEXT = "ledger", "handle", "reports", "box", "mark", "text"
MONTH, DAY, OTHER = "month", "day", "other"
NAMES = {
    LEDGER: r"ledger-(\d{4})",
    HANDLE: r"handle()",
    REPORTS: r"report-signing()",
    BOX: r"box-(\d{8})\d*",
    MARK: r"look-(\d{4}-\d\d)",
    TEXT: r"text-(\d{4}-\d\d)",
    MONTH: r"token-(\d{4}-\d\d)",
    DAY: r"token-(\d{4}-\d\d-\d\d)",
    OTHER: r"(.*)",
}


@dataclass(frozen=True)
class KeyTold:
    """One key: what it is for, of which period, when it dies; `here` is whether this machine holds it."""

    site: Site
    kind: str
    period: str
    made_at: datetime | None
    dies_on: date | None
    here: bool

    @property
    def words(self) -> str:
        return {
            LEDGER: _("tirage du registre scellé"),
            HANDLE: _("pseudonymes et saisies"),
            REPORTS: _("signature des rapports internes"),
            BOX: _("saisies scellées par les tablettes"),
            MARK: _("personnes nommées dans la piste"),
            TEXT: _("textes écrits dans le mois"),
            MONTH: _("personnes différentes du mois"),
            DAY: _("personnes différentes du jour"),
        }.get(self.kind) or self.period

    @property
    def dies(self) -> str:
        if self.dies_on:
            return self.dies_on.isoformat()
        if self.kind == TEXT:
            return _("selon le calendrier de conservation")
        return _("90 jours après la paire suivante") if self.kind == BOX else _("avec le site")


@dataclass(frozen=True)
class Gone:
    """Keys of one kind that were destroyed."""

    site: Site
    words: str
    count: int
    last: datetime


def keys_of(sites: Iterable[Site]) -> tuple[list[KeyTold], list[Gone]]:
    """Living keys of these sites, and how many of each kind were destroyed."""
    sites = list(sites)
    checks = list(KeyCheck.objects.filter(site__in=sites).select_related("site"))
    living = [_told(check) for check in checks if check.destroyed_at is None]
    order = list(NAMES)
    living.sort(key=lambda told: (told.site.code, order.index(told.kind), told.period))
    return living, _gone([check for check in checks if check.destroyed_at])


def _told(check: KeyCheck) -> KeyTold:
    kind, period = _kind(check)
    return KeyTold(
        check.site, kind, period, check.made_at, _dies_on(check.site, kind, period), is_here(check)
    )


def last_day(check: KeyCheck) -> date | None:
    """The day on which a key dies; None for one that stays, or that dies by another rule."""
    return _dies_on(check.site, *_kind(check))


def _kind(check: KeyCheck) -> tuple[str, str]:
    name = check.name.removeprefix(name_of(check.site, ""))
    found = ((kind, re.fullmatch(pattern, name)) for kind, pattern in NAMES.items())
    return next((kind, match[1]) for kind, match in found if match)


def _dies_on(site: Site, kind: str, period: str) -> date | None:
    """The day of the last seal that needs it, or two days after what it counts; None for one that stays."""
    if kind == LEDGER:
        return date(int(period), 12, 31) + timedelta(days=LATE_LAG)
    if kind == MARK:
        return mark_dies(site, mark_key_name(date.fromisoformat(f"{period}-01"))).date()
    if kind in (MONTH, DAY):
        first = date.fromisoformat(period if kind == DAY else f"{period}-01")
        last = first if kind == DAY else month_end(first)
        return (day_bounds(site, last)[1] + KEY_LIVES).date()
    return None


def _gone(checks: Iterable[KeyCheck]) -> list[Gone]:
    groups: dict[tuple[str, str], list[KeyTold]] = {}
    last: dict[tuple[str, str], datetime] = {}
    for check in checks:
        told = _told(check)
        name = (told.site.code, told.kind)
        groups.setdefault(name, []).append(told)
        last[name] = max(last.get(name, check.destroyed_at), check.destroyed_at)
    return [Gone(its[0].site, its[0].words, len(its), last[name]) for name, its in sorted(groups.items())]
