"""What the pages of retention show: rules with their periods, what would go, holds, certificates in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sites.clients.services import month_end
from sites.holds.models import LegalHold
from sites.holds.services import lapsed
from sites.places.models import Site
from sites.retention.models import Destruction, RetentionSchedule
from sites.retention.purging import Due
from sites.retention.rules import BY_CODE, CATEGORIES, RULES, Rule
from sites.retention.services import dry_run


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
    def last(self) -> date:
        return month_end(date.fromordinal(self.due.since.toordinal() - 1))


def dry_runs(sites: Iterable[Site]) -> list[Told]:
    """What a run would destroy now, site by site, then what no site has."""
    return [Told(site, due) for site in [*sites, None] for due in dry_run(site) if due.count or due.held]


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
