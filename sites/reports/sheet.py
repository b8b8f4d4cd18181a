"""What a report says, in the words of the reader: the same rows for the page, the paper and the workbook."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sites.indicators.periods import ONE_DAY, containing, same_before
from sites.indicators.queries import Reading, plain, read_period, series
from sites.indicators.registry import REGISTRY, shown
from sites.indicators.terms import ALL, Value
from sites.places.models import Site
from sites.reports.categories import category_names
from sites.reports.models import ReportVersion
from sites.reports.words import period_name, unit_words

KEYS = (
    "visits", "overdose_events", "naloxone_doses_staff", "pct_oxygen_only", "median_wait_min",
    "booth_occupancy",
)  # fmt: skip
BY_DAY = ("visits", "consumptions", "overdose_events", "naloxone_doses_staff", "left_no_consume")


@dataclass(frozen=True)
class Line:
    """One number; `category` is empty for the whole. `before`: the same of the period before."""

    code: str
    label: str
    category: str
    value: Value
    before: Value
    unit: str
    definition: str
    version: int


@dataclass(frozen=True)
class Change:
    label: str
    category: str
    old: Value
    new: Value


@dataclass
class Sheet:
    site: Site
    report: ReportVersion
    name: str
    before_name: str
    lines: list[Line]
    changes: list[Change]
    parts: list[tuple[date, date, dict[str, Value]]] = field(default_factory=list)

    @property
    def keys(self) -> list[Line]:
        whole = {line.code: line for line in self.lines if not line.category}
        return [whole[code] for code in KEYS if code in whole]

    @property
    def part_names(self) -> list[str]:
        return [REGISTRY[code].label(_language()) for code in BY_DAY]

    @property
    def part_rows(self) -> list[tuple[date, date, list[Value]]]:
        return [(first, last, [values[code] for code in BY_DAY]) for first, last, values in self.parts]


def _language() -> str:
    return get_language() or "fr"


def sheet(site: Site, report: ReportVersion) -> Sheet:
    grain, first, last = report.span
    before = same_before(grain, (first, last))
    return Sheet(
        site=site,
        report=report,
        name=period_name(grain, first, last),
        before_name=period_name(grain, *before),
        lines=list(_lines(report, read_period(site, *before))),
        changes=list(_changes(report)),
        parts=_parts(site, grain, first, last),
    )


def _lines(report: ReportVersion, before: Reading) -> Iterable[Line]:
    language = _language()
    rows = {(row["code"], row["category"]): row for row in report.indicators}
    for indicator in shown():
        names = {ALL: "", **category_names(indicator.code)}
        for category, name in names.items():
            row = rows.get((indicator.code, category))
            if row is None:
                continue
            yield Line(
                code=indicator.code,
                label=indicator.label(language),
                category=name,
                value=row["value"],
                before=plain(before.value(indicator.code, category)),
                unit=unit_words(row["unit"]),
                definition=indicator.definition(language),
                version=row["definition_version"],
            )


def _changes(report: ReportVersion) -> Iterable[Change]:
    for row in report.changed:
        if indicator := REGISTRY.get(row["code"]):
            names = {ALL: "", **category_names(row["code"])}
            category = names.get(row["category"], row["category"])
            yield Change(indicator.label(_language()), category, row["old"], row["new"])


def _parts(site: Site, grain: str, first: date, last: date) -> list[tuple[date, date, dict[str, Value]]]:
    """The days of a week or a month, the weeks of a quarter; a day has no parts."""
    if grain == "day":
        return []
    known = series(site, BY_DAY, first, last)
    parts: list[tuple[date, date, dict[str, Value]]] = []
    start = first
    while start <= last:
        end = min(containing("week" if grain == "quarter" else "day", start)[1], last)
        days = [start + n * ONE_DAY for n in range((end - start).days + 1)]
        values = {code: _sum(known[code], days) for code in BY_DAY}
        parts.append((start, end, values))
        start = end + ONE_DAY
    return parts


def _sum(values: dict[date, Value], days: list[date]) -> Value:
    found = [values[day] for day in days if values.get(day) is not None]
    return plain(sum(found)) if found else None


def status_words(report: ReportVersion) -> str:
    return _("%(status)s, version %(version)s") % {
        "status": str(report.status.label).capitalize(), "version": report.version,
    }  # fmt: skip
