"""A day in one sentence, as a colleague would say it."""

from datetime import date

from babel.dates import format_date
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from sites.indicators.terms import ALL, HOUR_BANDS, Value
from sites.reports.usual import Usual


def weekday_name(day: date) -> str:
    english = (get_language() or "fr").startswith("en")
    return format_date(day, "EEEE", locale="en_CA" if english else "fr_CA")


def band_name(code: str) -> str:
    """17 h à 21 h 59; 17:00 to 21:59."""
    first, last = HOUR_BANDS[code]
    return _("%(first)s h à %(last)s h 59") % {"first": first, "last": last}


def finding(day: date, visits: Value, usual: Usual | None) -> str:
    """The chart's title: where the day stands among those like it."""
    name = {"day": weekday_name(day)}
    if usual is None:
        return _("Pas encore 28 jours : pas de comparaison.")
    above, below = _("Un %(day)s au-dessus de l’habituel"), _("Un %(day)s au-dessous de l’habituel")
    return [_("Un %(day)s dans l’habituel"), above, below][usual.place(visits)] % name


def sentence(day: date, values: dict[tuple[str, str], Value], usual: Usual | None) -> str:
    """Visits against the usual, overdoses inside and what was done, outside, 911, deaths."""
    parts = [
        _visits(day, values, usual),
        _overdoses(values),
        _outside(values),
        _calls(values),
        _deaths(values),
    ]
    return " ".join(part for part in parts if part)


def _n(values, code: str) -> int:
    return int(values.get((code, ALL)) or 0)


def _visits(day: date, values, usual: Usual | None) -> str:
    n = _n(values, "visits")
    counted = ngettext("%(n)s visite", "%(n)s visites", n) % {"n": n}
    if usual is None:
        return f"{counted}."
    same, more, less = (
        _("comme d’habitude un %(day)s"),
        _("plus que d’habitude un %(day)s"),
        _("moins que d’habitude un %(day)s"),
    )
    return f"{counted}, {[same, more, less][usual.place(n)] % {'day': weekday_name(day)}}."


def _overdoses(values) -> str:
    n, oxygen = _n(values, "overdose_events"), _n(values, "od_oxygen_only")
    if not n:
        return _("Aucune surdose présumée à l’intérieur.")
    counted = ngettext(
        "%(n)s surdose présumée à l’intérieur.", "%(n)s surdoses présumées à l’intérieur.", n
    ) % {"n": n}
    if not oxygen:
        return counted
    spared = ngettext(
        "%(n)s surdose avec oxygène et sans naloxone.",
        "%(n)s surdoses avec oxygène et sans naloxone.",
        oxygen,
    )
    return f"{counted} {spared % {'n': oxygen}}"


def _outside(values) -> str:
    n = _n(values, "overdose_outside")
    said = ngettext("%(n)s intervention à l’extérieur.", "%(n)s interventions à l’extérieur.", n)
    return said % {"n": n} if n else ""


def _calls(values) -> str:
    n = _n(values, "ems_calls")
    said = ngettext("Le 911 a été appelé %(n)s fois.", "Le 911 a été appelé %(n)s fois.", n)
    return said % {"n": n} if n else ""


def _deaths(values) -> str:
    n = _n(values, "deaths_onsite")
    said = ngettext("%(n)s personne est décédée sur place.", "%(n)s personnes sont décédées sur place.", n)
    return said % {"n": n} if n else ""


def period_name(grain: str, first: date, last: date) -> str:
    """vendredi 20 novembre 2026; semaine du 16 au 22 novembre 2026; novembre 2026; 3e trimestre 2026."""
    locale = "en_CA" if (get_language() or "fr").startswith("en") else "fr_CA"
    if grain == "day":
        return format_date(first, "full", locale=locale)
    if grain == "week":
        return _("Semaine du %(first)s au %(last)s") % _ends(first, last, locale)
    if grain == "month":
        return format_date(first, "LLLL y", locale=locale).capitalize()
    return _("Trimestre %(n)s de %(year)s") % {"n": (first.month + 2) // 3, "year": first.year}


def _ends(first: date, last: date, locale: str) -> dict[str, str]:
    """The month is named once where both days are of it: 9 au 15 novembre 2026; November 9 to 15, 2026."""
    one_month = first.month == last.month
    if locale == "en_CA":
        begins, ends = "MMMM d", "d, y" if one_month else "long"
    else:
        begins, ends = "d" if one_month else "d MMMM", "long"
    return {"first": _day(first, begins, locale), "last": _day(last, ends, locale)}


def _day(day: date, how: str, locale: str) -> str:
    """French says « 1er » for the first."""
    told = format_date(day, how, locale=locale)
    return told.replace("1", "1er", 1) if locale.startswith("fr") and day.day == 1 else told


UNIT_WORDS = {"count": "", "/1000": gettext_lazy("pour 1 000"), "/event": gettext_lazy("par surdose")}


def unit_words(unit: str) -> str:
    """What stands after a number; a count stands alone."""
    return str(UNIT_WORDS.get(unit, unit))
