"""Words of the files that people read, in both languages at once."""

from datetime import date
from functools import lru_cache

from babel.dates import format_date

LANGUAGES = ("fr", "en")
LOCALES = {"fr": "fr_CA", "en": "en_CA"}
GRAINS = {
    "day": {"fr": "jour", "en": "day"},
    "week": {"fr": "semaine", "en": "week"},
    "month": {"fr": "mois", "en": "month"},
    "quarter": {"fr": "trimestre", "en": "quarter"},
    "year": {"fr": "année", "en": "year"},
}
STATUSES = {
    "rounded": {"fr": "arrondi une fois", "en": "rounded once"},
    "derived": {"fr": "somme de chiffres arrondis", "en": "sum of rounded figures"},
}
UNITS = {"count": {"fr": "nombre", "en": "count"}}
WHOLE = {"fr": "toutes", "en": "all"}
ALL_SITES = {"fr": "Tous les sites", "en": "All sites"}
ALL_REGIONS = {"fr": "Toutes les régions", "en": "All regions"}
TITLE = {
    "fr": "Consommation supervisée : rapport anonymisé",
    "en": "Supervised consumption: anonymized report",
}


def number(value: int, language: str) -> str:
    """12 345 in French, its space unbroken; 12,345 in English."""
    told = f"{value:,}"
    return told.replace(",", "\u00a0") if language == "fr" else told


# A report says the same days again and again, and Babel takes a while for each.
remembered = lru_cache(maxsize=1000)


@remembered
def month_name(day: date, language: str, pattern: str = "LLLL yyyy") -> str:
    return format_date(day, pattern, locale=LOCALES[language])


@remembered
def long_day(day: date, language: str) -> str:
    """20 novembre 2026; 1er décembre 2026; November 20, 2026."""
    return _first(format_date(day, "long", locale=LOCALES[language]), language)


@remembered
def short_day(day: date, language: str) -> str:
    """1er nov.; Nov 1."""
    told = format_date(day, "d MMM" if language == "fr" else "MMM d", locale=LOCALES[language])
    return _first(told, language)


def _first(told: str, language: str) -> str:
    """The first of a month is the only day that French counts by rank."""
    return f"1er{told[1:]}" if language == "fr" and told.startswith("1 ") else told


@remembered
def period_name(grain: str, first: date, last: date, language: str) -> str:
    """vendredi 20 novembre 2026; du 9 au 15 nov. 2026; octobre 2026; 3e trimestre 2026; 2026."""
    locale = LOCALES[language]
    if grain == "day":
        return format_date(first, "full", locale=locale)
    if grain == "month":
        return month_name(first, language)
    if grain == "quarter":
        return format_date(first, "QQQQ yyyy", locale=locale)
    if grain == "year":
        return str(first.year)
    between = "{} au {} {}" if language == "fr" else "{} to {}, {}"
    return between.format(short_day(first, language), short_day(last, language), last.year)
