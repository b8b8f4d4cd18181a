"""How released figures are written: never without the range where the true count is."""

from datetime import date

from babel.dates import format_date
from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sites.people.terms import Permission
from sites.recipients import register as register_book
from sites.releases import queries
from sites.releases.cube import Total
from sites.templatetags.scs import locale, longday, monthname, number, shortday

register = template.Library()


@register.filter
def about(total: Total | None) -> str:
    """environ 65 (de 53 à 77); de 0 à 4."""
    if total is None:
        return number(None)
    if total.value == 0:
        return _("de 0 à %(upper)s") % {"upper": number(total.upper)}
    return _("environ %(value)s (de %(lower)s à %(upper)s)") % {
        "value": number(total.value),
        "lower": number(total.lower),
        "upper": number(total.upper),
    }


@register.filter
def around(total: Total) -> str:
    """environ 65; de 0 à 4. For a title that the range follows."""
    if total.value == 0:
        return about(total)
    return _("environ %(value)s") % {"value": number(total.value)}


@register.filter
def span(total: Total) -> str:
    return _("de %(lower)s à %(upper)s") % {"lower": number(total.lower), "upper": number(total.upper)}


@register.filter
def period(total: Total) -> str:
    """vendredi 20 novembre 2026; octobre 2026; 3e trimestre 2026; 2026."""
    first, last = total.period
    if total.grain == "day":
        return longday(first)
    if total.grain == "month":
        return monthname(first)
    if total.grain == "quarter":
        return format_date(first, "QQQQ yyyy", locale=locale())
    if total.grain == "year":
        return str(first.year)
    return between(first, last)


def between(first: date, last: date) -> str:
    return _("du %(first)s au %(last)s") % {"first": shortday(first), "last": shortday(last)}


@register.filter
def until(total: Total) -> str:
    return between(*total.period)


# URL name, its words, and which permission opens it.
PAGES = [
    ("releases", gettext_lazy("Publications"), Permission.READ_RELEASES),
    ("recipients", gettext_lazy("Destinataires"), Permission.READ_REGISTERS),
    ("disclosures", gettext_lazy("Communications"), Permission.READ_REGISTERS),
    ("register", gettext_lazy("Anonymisation"), Permission.READ_REGISTERS),
]


@register.simple_tag(takes_context=True)
def outside_pages(context) -> list[dict]:
    """[{"name", "words", "is_here"}]: the pages about what leaves that this person may open."""
    match = context["request"].resolver_match
    here = match.url_name if match else ""
    return [
        {"name": name, "words": words, "is_here": name == here}
        for name, words, permission in PAGES
        if permission.value in context.get("may", ())
    ]


@register.simple_tag(takes_context=True)
def analysis_due(context) -> str:
    """Why the analysis of risk must be signed now; nothing for who does not sign it."""
    return register_book.reminder_for(context["user"])


@register.simple_tag
def latest_release():
    return queries.latest_release()
