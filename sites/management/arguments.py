"""Types of arguments; what cannot be is said in one line."""

import re
from argparse import ArgumentTypeError
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _


def positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) == int(text):
        raise ArgumentTypeError(_("« %(text)s » n’est pas un nombre entier de 1 à 999 999.") % {"text": text})
    return int(text)


def clock_time(text: str) -> time:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", text, re.ASCII)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise ArgumentTypeError(_("« %(text)s » n’est pas une heure (HH:MM).") % {"text": text})
    return time(int(found[1]), int(found[2]))


def opening(text: str) -> tuple[time, time]:
    """14:00-02:00; closing before opening means the next day."""
    opens, dash, closes = text.partition("-")
    if not dash:
        raise ArgumentTypeError(_("« %(text)s » ne dit pas d’heures (14:00-02:00).") % {"text": text})
    span = clock_time(opens), clock_time(closes)
    if span[0] == span[1]:
        raise ArgumentTypeError(_("« %(text)s » ouvre et ferme à la même heure.") % {"text": text})
    return span


def zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = _("« %(text)s » n’est pas un fuseau horaire (America/Toronto).") % {"text": text}
        raise ArgumentTypeError(message) from error
    return text
