"""Days and hours as registers write them, on the clock of a site."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sites.imports.terms import DAY_FIRST, MONTH_FIRST
from sites.places.models import Site

ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.A)
LOCAL = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.A)
# What Excel counts days by when a cell lost its format: 1954 to 2119.
SERIAL = re.compile(r"([2-7]\d{4})(\.\d+)?", re.A)
FRACTION = re.compile(r"0?[.,]\d+|[01](?:[.,]0+)?", re.A)
CLOCK = re.compile(
    r"(\d{1,2})\s*(?:[hH:]\s*(\d{2})?|(\d{2}))(?:\s*[:m]\s*(\d{2})?(?:\.\d+)?)?\s*([aApP]\.?\s*[mM]\.?)?",
    re.A,
)
NOON_CLOCK = re.compile(r"(\d{1,2})()()()\s*([aApP]\.?\s*[mM]\.?)", re.A)
EPOCH = date(1899, 12, 30)
DAY_S = 24 * 3600


def parse_day(text: str, order: str) -> date:
    """Raises ValidationError for what is no day, or may be two."""
    day, clock = parse_moment(text, order)
    return day


def parse_moment(text: str, order: str) -> tuple[date, time | None]:
    """(day, hour or None). `order`: how 03/04/2025 is meant; an empty one refuses it."""
    text = text.strip()
    if serial := SERIAL.fullmatch(text.replace(",", ".")):
        return EPOCH + timedelta(days=int(serial[1])), _of_fraction(serial[2]) if serial[2] else None
    found = ISO.match(text) or LOCAL.match(text)
    if not found:
        raise _no_day()
    day = _iso(found) if found.re is ISO else _local(found, order)
    rest = text[found.end() :].strip().removeprefix("T").removeprefix(",").strip()
    clock = parse_time(rest) if rest else None
    # Midnight to the second is what a date becomes in a cell of moments.
    return day, None if clock == time(0) and rest.count(":") == 2 else clock


def _iso(found: re.Match) -> date:
    return _date(int(found[1]), int(found[2]), int(found[3]))


def _local(found: re.Match, order: str) -> date:
    first, second, year = int(found[1]), int(found[2]), int(found[3])
    if order == DAY_FIRST:
        return _date(year, second, first)
    if order == MONTH_FIRST:
        return _date(year, first, second)
    raise ValidationError(_("Dire d’abord si le jour vient avant le mois."))


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise _no_day() from None


def _no_day() -> ValidationError:
    return ValidationError(
        _("Cette date ne se lit pas : écrire aaaa-mm-jj ou jj/mm/aaaa, l’année en quatre chiffres.")
    )


def parse_time(text: str) -> time:
    """14:05, 14 h 05, 1405, 2:05 PM, or a fraction of a day. Raises ValidationError."""
    text = text.strip()
    if FRACTION.fullmatch(text):
        return _of_fraction(text.replace(",", "."))
    found = CLOCK.fullmatch(text) or NOON_CLOCK.fullmatch(text)
    if found:
        hour, minute, second = int(found[1]), int(found[2] or found[3] or 0), int(found[4] or 0)
        half = (found[5] or "").lower()
        if half and not 1 <= hour <= 12:
            raise _no_time()
        if half:
            hour = hour % 12 + (12 if half.startswith("p") else 0)
        if hour < 24 and minute < 60 and second < 60:
            return time(hour, minute, second)
    raise _no_time()


def _of_fraction(text: str) -> time:
    seconds = round(float(text) % 1 * DAY_S / 60) * 60 % DAY_S
    return time(seconds // 3600, seconds % 3600 // 60)


def _no_time() -> ValidationError:
    return ValidationError(_("Cette heure ne se lit pas : écrire 14:05 ou 14 h 05."))


def orders_of(texts: Iterable[str]) -> set[str]:
    """Which orders the days written with bars can be in: both when nothing tells, none when both are there.

    Empty input (no such day) is {""}.
    """
    possible = {DAY_FIRST, MONTH_FIRST}
    asked = False
    for text in texts:
        found = LOCAL.match(text.strip())
        if not found:
            continue
        asked = True
        if int(found[1]) > 12:
            possible.discard(MONTH_FIRST)
        if int(found[2]) > 12:
            possible.discard(DAY_FIRST)
    return possible if asked else {""}


def instant(site: Site, day: date, clock: time) -> tuple[datetime, bool]:
    """(UTC, whether that hour came twice: then the first). Raises ValidationError for one that never was."""
    zone = ZoneInfo(site.zone)
    local = datetime.combine(day, clock, tzinfo=zone)
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValidationError(
            _("Cette heure n’a pas existé : les horloges ont avancé cette nuit-là. Écrire l’heure d’après.")
        )
    return moment, local.utcoffset() != local.replace(fold=1).utcoffset()
