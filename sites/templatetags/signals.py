"""Signals and warnings as pages show them."""

from babel.numbers import format_decimal
from django import template

from sites.people.queries import display_name
from sites.signals import words
from sites.signals.models import SupplyWarning
from sites.templatetags.scs import locale

register = template.Library()
SMALLEST = 0.0001
register.filter("said", words.said)
register.filter("how_wrong", words.how_wrong)
register.filter("staff_name", display_name)


@register.filter
def small_p(p: float) -> str:
    """0,003 in French, 0.003 in English; under a ten-thousandth it is said to be less."""
    if p < SMALLEST:
        return f"< {format_decimal(SMALLEST, format='0.####', locale=locale())}"
    return format_decimal(float(f"{p:.2g}"), format="0.####", locale=locale())


@register.filter
def read_by(warning: SupplyWarning, user) -> bool:
    """Whether this person said « Lu »."""
    return user.code in warning.readers
