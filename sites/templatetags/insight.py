"""How trends write months and rates."""

from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal
from django import template

from sites.templatetags.scs import DASH, locale

register = template.Library()


@register.filter
def monthshort(day: date) -> str:
    """nov. 2026; Nov 2026."""
    return format_date(day, "LLL yyyy", locale=locale())


@register.filter
def monthonly(day: date) -> str:
    return format_date(day, "LLL", locale=locale())


@register.filter
def tenth(value: float | None) -> str:
    """To one decimal."""
    return DASH if value is None else format_decimal(round(value, 1), format="#,##0.0", locale=locale())


@register.filter
def hundredth(value: float | None) -> str:
    """To two decimals, as ratios are told."""
    return DASH if value is None else format_decimal(round(value, 2), format="#,##0.00", locale=locale())
