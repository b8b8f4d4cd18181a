"""Code lists, read once and kept for a short while: they change a few times a year."""

import re
import time
from dataclasses import dataclass
from datetime import date

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.translation import get_language

from sites.codes.models import CodeValue

KEPT_S = 30
# 018f2a70-5c5e-…, 2026-11-23T14:05:00.000000+00:00, 2027-09, -12.5: at most one T or Z beside the digits.
WORDLESS = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|[0-9]{4}-[0-9]{2}(-[0-9]{2})?([T ][0-9:.]{4,15}(Z|[+-][0-9:]{4,6})?)?"
    r"|-?[0-9]{1,6}([.,][0-9]{1,3})?",
    re.IGNORECASE,
)


@dataclass
class _Book:
    read_at: float
    lists: dict[str, dict[str, CodeValue]]


_book: _Book | None = None


@receiver(post_save, sender=CodeValue)
def forget(**_) -> None:
    global _book
    _book = None


def _lists() -> dict[str, dict[str, CodeValue]]:
    global _book
    if _book is None or time.monotonic() - _book.read_at > KEPT_S:
        lists: dict[str, dict[str, CodeValue]] = {}
        for row in CodeValue.objects.all():
            lists.setdefault(row.list, {})[row.code] = row
        _book = _Book(time.monotonic(), lists)
    return _book.lists


def values(list_name: str) -> dict[str, CodeValue]:
    """Every value of a list by code, in the list's order, past and future ones included."""
    return _lists().get(list_name, {})


def all_lists() -> dict[str, dict[str, CodeValue]]:
    return _lists()


def is_code(text: str) -> bool:
    """Whether it is a code of some list, an id, an instant, a day or a number: words of nobody."""
    return bool(WORDLESS.fullmatch(text)) or any(text in rows for rows in _lists().values())


def in_force(value: CodeValue, on: date) -> bool:
    return not (value.valid_from and on < value.valid_from) and not (value.valid_to and on > value.valid_to)


def choices(list_name: str, on: date) -> list[tuple[str, str]]:
    """(code, label) of the values one may choose on a day, in the language in force."""
    language = get_language() or "fr"
    return [(v.code, v.label(language)) for v in values(list_name).values() if in_force(v, on)]


def label(list_name: str, code: str) -> str:
    """The label of a code in the language in force; a code that is not known stands for itself."""
    value = values(list_name).get(code)
    return value.label(get_language() or "fr") if value else code
