"""How the product writes times, days, numbers and codes in both languages (ui.md §7)."""

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal
from django import template
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext

from sites.codes.queries import label as code_label
from sites.places.queries import local

register = template.Library()
DASH = "–"


def locale() -> str:
    return "en_CA" if (get_language() or "fr").startswith("en") else "fr_CA"


@register.filter
def clock(instant: datetime | None, site) -> str:
    """14 h 05 in French, 14:05 in English, on the site's own clock."""
    if instant is None:
        return DASH
    at = local(site, instant)
    return f"{at.hour} h {at.minute:02d}" if locale() == "fr_CA" else f"{at.hour}:{at.minute:02d}"


@register.filter
def hour(time_of_day) -> str:
    """2 h, 14 h 30; 2:00, 14:30."""
    if time_of_day is None:
        return DASH
    if locale() == "en_CA":
        return f"{time_of_day.hour}:{time_of_day.minute:02d}"
    minutes = f" {time_of_day.minute:02d}" if time_of_day.minute else ""
    return f"{time_of_day.hour} h{minutes}"


@register.filter
def longday(day: date) -> str:
    """dimanche 1er mars 2026, Sunday, March 1, 2026."""
    first = locale() == "fr_CA" and day.day == 1
    return format_date(day, "EEEE d'er' MMMM y" if first else "full", locale=locale())


@register.filter
def plainday(day: date) -> str:
    """3 mars 2026, 1er mars 2026; March 3, 2026."""
    first = locale() == "fr_CA" and day.day == 1
    return format_date(day, "d'er' MMMM y" if first else "long", locale=locale())


@register.filter
def shortday(day: date) -> str:
    """3 mars, 1er mars; Mar 3."""
    if locale() == "fr_CA":
        return format_date(day, "d'er' MMM" if day.day == 1 else "d MMM", locale=locale())
    return format_date(day, "MMM d", locale=locale())


@register.filter
def weekday(day: date) -> str:
    if locale() == "fr_CA":
        return format_date(day, "EEE d'er' MMM" if day.day == 1 else "EEE d MMM", locale=locale())
    return format_date(day, "EEE, MMM d", locale=locale())


@register.filter
def siteday(instant: datetime, site) -> date:
    """The calendar day of an instant, on the site's own clock."""
    return local(site, instant).date()


@register.filter
def monthname(day: date) -> str:
    return format_date(day, "LLLL yyyy", locale=locale())


@register.filter
def number(value) -> str:
    """1 234,5 in French, 1,234.5 in English; nothing to show is a dash."""
    if value is None or value == "":
        return DASH
    return format_decimal(Decimal(str(value)).normalize(), format="#,##0.##", locale=locale())


@register.filter
def signed_units(units: int) -> str:
    """+3, 0, −2, with a true minus."""
    return f"+{units}" if units > 0 else str(units).replace("-", "−")


@register.filter
def label(code: str, list_name: str) -> str:
    return code_label(list_name, code)


@register.filter
def labels(codes, list_name: str) -> str:
    return ", ".join(code_label(list_name, code) for code in codes)


@register.filter
def lookup(mapping, key):
    return mapping.get(key) if mapping else None


@register.simple_tag
def icon(name: str, size: str = ""):
    """An icon of the page's sprite; always beside a word."""
    return format_html(
        '<svg class="i {}" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>',
        size,
        name,
    )


@register.filter
def initials(name: str) -> str:
    """I1 for « Infirmière 1 »."""
    return "".join(word[0] for word in str(name).split())[:2].upper()


@register.filter
def short_route(code: str) -> str:
    """IV for « Injection IV »: a tile has little room."""
    return code_label("route", code).removeprefix("Injection ").removesuffix(" injection")


@register.filter
def spell(minutes: int) -> str:
    """4 min, 1 h 05, 3 jours; 4 min, 1 h 5 min, 3 days."""
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return ngettext("%(n)s jour", "%(n)s jours", hours // 24) % {"n": hours // 24}
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {rest:02d}" if locale() == "fr_CA" else f"{hours} h {rest} min"


@register.filter
def as_list(value) -> list:
    return [value] if value else []


@register.filter
def code_words(value) -> str:
    """The label of a code value in the language in force."""
    return value.label(get_language() or "fr")
