"""Authorisations and their conditions as they stand: what ends, what is to be looked at."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from harmreduction.pg.at_once import read
from sites.places.models import Site
from sites.places.queries import today
from sites.registers.models import Authorisation, Condition, ConditionCheck
from sites.registers.terms import MONTHS, WARNED, WARNED_OTHERWISE, Paper, Rhythm


@dataclass(frozen=True)
class Ending:
    """How an authorisation stands with its end. `stage`: how many days before it one is reminded now;
    0 when it is over, None when it is not yet time.
    """

    days: int
    stage: int | None


@dataclass(frozen=True)
class Looked:
    """A condition, its last check, and when the next is due."""

    condition: Condition
    last: ConditionCheck | None
    due_on: date
    late: bool


@dataclass(frozen=True)
class Standing:
    authorisation: Authorisation
    ending: Ending | None
    renewed: bool
    conditions: list[Looked]

    @property
    def in_force(self) -> bool:
        return self.authorisation.withdrawn_on is None and (self.ending is None or self.ending.days >= 0)


def months_after(day: date, months: int) -> date:
    """The same day of the month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)  # never: every month has 28 days


def ending(authorisation: Authorisation, day: date) -> Ending | None:
    """None for what has no end."""
    if authorisation.ends_on is None:
        return None
    days = (authorisation.ends_on - day).days
    if days < 0:
        return Ending(days, 0)
    stages = WARNED.get(Paper(authorisation.kind), WARNED_OTHERWISE)
    return Ending(days, min((stage for stage in stages if days <= stage), default=None))


def is_renewed(one: Authorisation, among: list[Authorisation]) -> bool:
    """Another of its kind takes over, from the day after its end at the latest, and lasts longer."""
    if one.ends_on is None:
        return False
    return any(
        other.pk != one.pk and other.kind == one.kind and other.withdrawn_on is None
        and (other.starts_on - one.ends_on).days <= 1
        and (other.ends_on is None or other.ends_on > one.ends_on)
        for other in among
    )  # fmt: skip


def standings(site: Site) -> list[Standing]:
    """Every authorisation of the site with its conditions, those in force first."""
    return standings_of(site, *read(*what_stands(site)))


def what_stands(
    site: Site,
) -> tuple[QuerySet[Authorisation], QuerySet[Condition], QuerySet[ConditionCheck]]:
    """What `standings` are made of: authorisations, their conditions, the last check of each."""
    checks = ConditionCheck.objects.at(site).order_by("condition_id", "-on", "-id").distinct("condition_id")
    conditions = Condition.objects.at(site).filter(retired_on=None).select_related("authorisation")
    return Authorisation.objects.at(site), conditions, checks


def standings_of(
    site: Site, every: list[Authorisation], asked: list[Condition], checks: list[ConditionCheck]
) -> list[Standing]:
    """`standings` from what was read."""
    day, last = today(site), {check.condition_id: check for check in checks}
    conditions: dict[int, list[Looked]] = {one.pk: [] for one in every}
    for condition in asked:
        conditions[condition.authorisation_id].append(looked(condition, last.get(condition.pk), day))
    found = [
        Standing(one, ending(one, day), is_renewed(one, every), conditions[one.pk]) for one in every
    ]  # fmt: skip
    return sorted(found, key=lambda one: not one.in_force)


def looked(condition: Condition, last: ConditionCheck | None, day: date) -> Looked:
    """A first check is due one rhythm after the condition began; what is not kept is looked at again."""
    if last and not last.kept:
        due = last.on
    else:
        due = months_after(last.on if last else condition.since, MONTHS[Rhythm(condition.rhythm)])
    return Looked(condition, last, due, due <= day)
