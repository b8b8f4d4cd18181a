"""Figures, places and periods of a cube in words: in one language, or in both at once."""

from collections.abc import Callable
from datetime import date

from sites.releases.formats.figures import Cube, Figure
from sites.releases.formats.report.words import WORDS
from sites.releases.formats.words import LANGUAGES, long_day, month_name, number, period_name, short_day
from sites.releases.terms import ALL


class Speaker:
    def __init__(self, cube: Cube, language: str):
        self.cube, self.language, self.words = cube, language, WORDS[language]

    def number(self, value: int) -> str:
        return number(value, self.language)

    def about(self, figure: Figure) -> str:
        """environ 65; de 0 à 4."""
        if figure.value == 0:
            return self.words["zero"].format(upper=self.number(figure.upper))
        return self.words["about"].format(value=self.number(figure.value))

    def span(self, figure: Figure, words: str = "span") -> str:
        return self.words[words].format(lower=self.number(figure.lower), upper=self.number(figure.upper))

    def hours(self, minutes: int | None) -> str:
        """1 234 h 05; nothing where an old file did not say."""
        if minutes is None:
            return ""
        h, m = divmod(minutes, 60)
        return f"{self.number(h)} h {m:02d}" if m else f"{self.number(h)} h"

    def label(self, indicator: str) -> str:
        return self.cube.definitions[indicator][f"label_{self.language}"]

    def category(self, indicator: str, code: str) -> str:
        return self.cube.category_name(indicator, code, self.language)

    def name(self, place: tuple[str, str]) -> str:
        site, region = place
        names, code = (self.cube.sites, site) if site != ALL else (self.cube.regions, region)
        if code == ALL:
            return self.words["everywhere"]
        name = getattr(names[code], self.language) if code in names else code
        return name if any(map(str.isalnum, name)) else code

    def day(self, day) -> str:
        return long_day(day, self.language)

    def when(self, figure: Figure) -> str:
        """Le 20 novembre 2026; En octobre 2026."""
        first, last = figure.period_start, figure.period_end
        return self.words["on"][figure.grain].format(
            day=self.day(first),
            first=short_day(first, self.language),
            last=short_day(last, self.language),
            month=month_name(first, self.language),
            quarter=self.period(figure),
            year=first.year,
        )

    def short_day(self, day: date) -> str:
        return short_day(day, self.language)

    def period_name(self, grain: str, first: date, last: date) -> str:
        return period_name(grain, first, last, self.language)

    def period(self, figure: Figure) -> str:
        return self.period_name(figure.grain, figure.period_start, figure.period_end)


class Bilingual:
    """Tables for readers of both languages: words as French and English side by side, figures once."""

    def __init__(self, cube: Cube):
        self.cube = cube
        self.speakers = [Speaker(cube, language) for language in LANGUAGES]

    def _both(self, told: Callable[[Speaker], str]) -> list[str]:
        """One where both are the same."""
        return list(dict.fromkeys(map(told, self.speakers)))

    def number(self, value: int) -> str:
        return number(value, "fr")

    def span(self, figure: Figure, _words: str = "") -> str:
        return f"{self.number(figure.lower)}–{self.number(figure.upper)}"

    def hours(self, minutes: int | None) -> str:
        return self.speakers[0].hours(minutes)

    def label(self, indicator: str) -> list[str]:
        return self._both(lambda say: say.label(indicator))

    def category(self, indicator: str, code: str) -> list[str]:
        return self._both(lambda say: say.category(indicator, code))

    def name(self, place: tuple[str, str]) -> list[str]:
        return self._both(lambda say: say.name(place))

    def short_day(self, day: date) -> list[str]:
        return self._both(lambda say: say.short_day(day))

    def period_name(self, grain: str, first: date, last: date) -> list[str]:
        return self._both(lambda say: say.period_name(grain, first, last))

    def word(self, name: str) -> list[str]:
        return self._both(lambda say: say.words[name])


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    return text[:1].lower() + text[1:]
