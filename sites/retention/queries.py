"""What the pages of retention show: rules with their periods, what would go, holds, certificates in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q

from sites.holds.models import LegalHold
from sites.holds.services import lapsed
from sites.places.models import Site
from sites.retention.models import Destruction, DryRun, RetentionSchedule
from sites.retention.rules import BY_CODE, CATEGORIES, RULES, Rule
from sites.retention.services import still_holds
from sites.retention.trying import Due, Trial


@dataclass(frozen=True)
class Line:
    """A rule as it is signed, or proposed; `others`: sites that keep it for another time."""

    rule: Rule
    months: int
    others: list[tuple[str, int]]


def months_of(schedule: RetentionSchedule | None, site: Site | None = None) -> dict[str, int]:
    """Rule → months, as signed for everyone or for one site; as proposed when nobody signed."""
    proposed = {rule.code: rule.months for rule in RULES}
    if schedule is None:
        return proposed
    signed = proposed | schedule.periods["all"]
    return signed | schedule.periods["sites"].get(site.code, {}) if site else signed


def lines(schedule: RetentionSchedule | None) -> list[Line]:
    months = months_of(schedule)
    sites = schedule.periods["sites"] if schedule else {}
    return [
        Line(
            rule,
            months[rule.code],
            [(code, own[rule.code]) for code, own in sorted(sites.items()) if rule.code in own]
            if any(own.get(rule.code) != months[rule.code] for own in sites.values())
            else [],
        )
        for rule in RULES
    ]


@dataclass(frozen=True)
class Told:
    """One line of a dry run."""

    site: Site | None
    due: Due

    @property
    def name(self):
        return BY_CODE[self.due.rule].name

    @property
    def rows(self) -> int:
        return sum(self.due.rows.values())


@dataclass(frozen=True)
class Tried:
    """The dry runs of these sites and of what no site has, as far as the worker is."""

    runs: list[DryRun]

    @property
    def running(self) -> bool:
        return any(run.finished_at is None for run in self.runs)

    @property
    def steps(self) -> int:
        return sum(len(Trial(run).steps) for run in self.runs)

    @property
    def done(self) -> int:
        return sum(len(Trial(run).steps) if run.finished_at else run.step for run in self.runs)

    @property
    def asked(self) -> DryRun:
        return self.runs[0]

    @cached_property
    def holds(self) -> bool:
        return all(still_holds(run) for run in self.runs)

    @cached_property
    def lines(self) -> list[Told]:
        return [Told(run.site, due) for run in self.runs for due in Trial(run).told_so_far()]


def tried(sites: Iterable[Site]) -> Tried | None:
    """None when nobody asked, or when a site has come since."""
    mine = list(sites)
    runs = {
        run.site_id: run
        for run in DryRun.objects.filter(Q(site__in=mine) | Q(site=None)).select_related("site")
    }
    found = [runs.get(pk) for pk in [*(site.pk for site in mine), None]]
    return None if None in found else Tried([run for run in found if run])


@dataclass(frozen=True)
class Held:
    hold: LegalHold

    @property
    def over(self) -> bool:
        return lapsed(self.hold)

    @property
    def category(self):
        return CATEGORIES.get(self.hold.category, "")


def holds() -> list[Held]:
    """Of the sites in sight and of all; those in force first, the newest first."""
    found = [Held(hold) for hold in LegalHold.objects.select_related("site").order_by("-placed_at")]
    return sorted(found, key=lambda held: held.over)


@dataclass(frozen=True)
class Gone:
    """What a rule destroyed, on a certificate."""

    name: object
    since: date
    tables: list[tuple[str, int]]

    @property
    def rows(self) -> int:
        return sum(count for _table, count in self.tables)


def gone(run: Destruction) -> list[Gone]:
    return [
        Gone(BY_CODE[rule].name, date.fromisoformat(run.cutoffs[rule]), sorted(tables.items()))
        for rule, tables in run.counts.items()
    ]


def rows_of(run: Destruction) -> int:
    return sum(sum(tables.values()) for tables in run.counts.values())
