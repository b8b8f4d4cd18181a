"""What one release tells, as plain values. Every format is a rendering of a `Cube` and of nothing else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sites.releases.terms import CLOCK

COLUMNS = (
    "release_id", "published_at", "plan_version", "clock", "site", "region", "period_start",
    "period_end", "grain", "indicator", "category", "value", "lower", "upper", "base", "status",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One published number: the true count lies from `lower` to `upper`.

    `site` and `region` are codes, or ALL when summed over; `planned_minutes` is how long the posted
    calendar has its sites open in the period.
    """

    site: str
    region: str
    indicator: str
    category: str
    grain: str
    period_start: date
    period_end: date
    value: int
    lower: int
    upper: int
    base: int
    status: str
    plan_version: str
    planned_minutes: int | None

    @property
    def planned_hours(self) -> float | None:
        return None if self.planned_minutes is None else hours(self.planned_minutes)

    @property
    def place(self) -> tuple[str, str]:
        return self.site, self.region


@dataclass(frozen=True, slots=True)
class Opening:
    """A planned opening on a site's own clock; a day on which it stays closed has neither time."""

    site: str
    region: str
    day: date
    opens: datetime | None
    closes: datetime | None

    @property
    def minutes(self) -> int:
        """As long as it is: two times of one zone, subtracted, would forget that the clocks change."""
        if self.opens is None or self.closes is None:
            return 0
        return round((self.closes.timestamp() - self.opens.timestamp()) / 60)


@dataclass(frozen=True)
class Names:
    """A place as people call it; in English its French name where it has no other."""

    fr: str
    en: str


@dataclass(frozen=True)
class Cube:
    """The figures of one release in their fixed order, and what stands beside them.

    `earlier` holds what earlier releases told and this one's charts show again: never more than those
    whom this cube is for were told then.
    """

    release_id: str
    published_at: datetime
    figures: list[Figure]
    openings: list[Opening]
    definitions: dict[str, dict]
    sites: dict[str, Names]
    regions: dict[str, Names]
    gate: dict
    earlier: list[Figure] = field(default_factory=list)

    @property
    def published(self) -> str:
        return f"{self.published_at:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def plan_versions(self) -> list[str]:
        return sorted({version for figure in self.figures for version in figure.plan_version.split("+")})

    def row(self, figure: Figure) -> dict[str, str | int]:
        """The columns of design §8."""
        return dict(zip(COLUMNS, self.values(figure), strict=True))

    def values(self, figure: Figure) -> tuple[str | int, ...]:
        return (
            self.release_id, self.published, figure.plan_version, CLOCK, figure.site, figure.region,
            figure.period_start.isoformat(), figure.period_end.isoformat(), figure.grain,
            figure.indicator, figure.category, figure.value, figure.lower, figure.upper, figure.base,
            figure.status,
        )  # fmt: skip

    def category_name(self, indicator: str, code: str, language: str) -> str:
        """A part of an indicator in words; its code where no plan names it any more."""
        names = self.definitions[indicator]["categories"].get(code)
        return names[language] if names else code

    def only(self, told: Callable[[Figure], bool], sites: Iterable[str]) -> "Cube":
        """The same for someone who is told fewer figures, and the calendar of these sites."""
        seen = set(sites)
        return replace(
            self,
            figures=list(filter(told, self.figures)),
            earlier=list(filter(told, self.earlier)),
            openings=[opening for opening in self.openings if opening.site in seen],
            sites={code: names for code, names in self.sites.items() if code in seen},
            gate=self.gate | {"stopped": [stop for stop in self.gate["stopped"] if stop["site"] in seen]},
        )


def hours(minutes: int) -> float:
    return round(minutes / 60, 2)
