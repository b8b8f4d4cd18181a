"""How released figures are written: never without the range where the true count is."""

from datetime import date

from babel.dates import format_date
from babel.numbers import format_percent
from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sites.indicators.periods import containing
from sites.people.terms import Permission
from sites.recipients import register as register_book
from sites.recipients.terms import FORMAT_NAMES
from sites.releases import queries
from sites.releases.cube import Total
from sites.releases.models import LedgerCell
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
    return _named(total.grain, *total.period)


@register.filter
def cell_period(cell: LedgerCell) -> str:
    return _named(cell.grain, cell.period_start, cell.period_end)


def _named(grain: str, first: date, last: date) -> str:
    if grain == "day":
        return longday(first)
    if grain == "month":
        return monthname(first)
    if grain == "quarter":
        return format_date(first, "QQQQ yyyy", locale=locale())
    if grain == "year":
        return str(first.year)
    return between(first, last)


@register.filter
def spanned(period: tuple[date, date]) -> str:
    """octobre 2026 where that is what it is; du 1 nov. au 20 nov. otherwise."""
    first, last = period
    grain = next((g for g in ("month", "quarter", "year") if containing(g, first) == period), "span")
    return _named(grain, first, last)


@register.filter
def during(total: Total) -> str:
    """En octobre 2026; Au 3e trimestre 2026; En 2026."""
    words = {
        "month": _("En %(period)s"), "quarter": _("Au %(period)s"), "year": _("En %(period)s"),
        "week": _("Semaine %(period)s"), "day": _("Le %(period)s"),
    }  # fmt: skip
    return words[total.grain] % {"period": period(total)}


@register.filter
def plainday(day: date) -> str:
    """22 novembre 2026; November 22, 2026."""
    return format_date(day, "long", locale=locale())


@register.filter
def shortmonth(day: date) -> str:
    return format_date(day, "LLL", locale=locale())


@register.filter
def shortperiod(total: Total) -> str:
    """oct.; T3 2026 (Q3 2026); 2026."""
    if total.grain == "quarter":
        return format_date(total.period[0], "QQQ yyyy", locale=locale())
    return str(total.period[0].year) if total.grain == "year" else shortmonth(total.period[0])


@register.filter
def format_name(code: str) -> str:
    return str(FORMAT_NAMES.get(code, code))


@register.filter
def signed(value: int) -> str:
    """+3, −3, 0."""
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{number(abs(value))}"


@register.filter
def rounded(value: float) -> str:
    """2; 10,6: one decimal under 100."""
    return number(round(value, 1 if value < 100 else 0))


@register.filter
def percent(value: float) -> str:
    """0,3 %; 0.3%."""
    pattern = "#,##0.0%" if locale() == "en_CA" else "#,##0.0\u00a0%"
    return format_percent(value / 100, format=pattern, locale=locale())


def between(first: date, last: date) -> str:
    return _("du %(first)s au %(last)s") % {"first": shortday(first), "last": shortday(last)}


@register.filter
def until(total: Total) -> str:
    return between(*total.period)


# URL name, its words, and which permission opens it.
PAGES = [
    ("releases", gettext_lazy("Publications"), Permission.READ_RELEASES),
    ("release-plan", gettext_lazy("Plan"), Permission.READ_REGISTERS),
    ("release-explain", gettext_lazy("Expliquer"), Permission.READ_REPORTS),
    ("recipients", gettext_lazy("Destinataires"), Permission.READ_REGISTERS),
    ("disclosures", gettext_lazy("Communications"), Permission.READ_REGISTERS),
    ("register", gettext_lazy("Anonymisation"), Permission.READ_REGISTERS),
    ("external-figures", gettext_lazy("Ailleurs"), Permission.READ_REGISTERS),
    ("release-keys", gettext_lazy("Clés"), Permission.SEE_KEYS),
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
