"""Training of the people who work at a site: what is asked of whom, until when it holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from harmreduction.pg.at_once import read
from sites.people.models import Posting, Staff
from sites.people.queries import active_first, postings, team
from sites.people.roles import BY_CODE
from sites.people.terms import Permission
from sites.places.models import Site
from sites.places.queries import today
from sites.registers.models import CourseRule, TrainingDone
from sites.registers.terms import SOON, Course, Standing


@dataclass(frozen=True)
class Cell:
    """One person and one course that is asked of them, or that they followed."""

    staff: Staff
    course: Course
    asked: bool
    done: TrainingDone | None
    standing: Standing


@dataclass(frozen=True)
class Due:
    """A course that people lack, or will soon."""

    course: Course
    lacking: list[Staff]
    soon: list[Staff]


Told = tuple[QuerySet[CourseRule], QuerySet[TrainingDone], QuerySet[Posting]]


def told(site: Site) -> Told:
    """What a `table` is made of: rules in force, what was followed and not withdrawn, who works or worked."""
    rules = CourseRule.objects.at(site).order_by("course", "-id").distinct("course")
    return rules, TrainingDone.objects.at(site).filter(withdrawn_at=None), postings(site)


def rules(site: Site) -> dict[str, CourseRule]:
    """The rule in force for each course of which something was said."""
    return {rule.course: rule for rule in told(site)[0]}


def working(site: Site) -> list[Staff]:
    """Who works here now; a reader of releases is not asked for training."""
    return _working(team(site))


def _working(team: Iterable[Posting]) -> list[Staff]:
    here = [p.staff for p in team if p.until is None and p.staff.is_active]
    return [staff for staff in here if BY_CODE[staff.role].on_site]


def _newest(every: Iterable[TrainingDone]) -> dict[tuple[int, str], TrainingDone]:
    """What holds longest, for each person and course."""
    found: dict[tuple[int, str], TrainingDone] = {}
    for done in every:
        known = found.get((done.staff_id, done.course))
        if known is None or _until(done) > _until(known):
            found[done.staff_id, done.course] = done
    return found


def _until(done: TrainingDone) -> date:
    return done.expires_on or date.max


def standing(done: TrainingDone | None, day: date) -> Standing:
    """The day on which it expires is the last on which it holds."""
    if done is None:
        return Standing.NEVER
    if _until(done) < day:
        return Standing.OVER
    return Standing.SOON if _until(done) < day + SOON else Standing.HELD


@dataclass(frozen=True)
class Table:
    """Courses asked or followed, with their rules; each person with a cell for each, None where neither."""

    courses: list[tuple[Course, CourseRule | None]]
    others: list[Course]
    rows: list[tuple[Staff, list[Cell | None]]]


def table(site: Site) -> Table:
    return table_of(site, *read(*told(site)))


def table_of(
    site: Site, rules: list[CourseRule], every: list[TrainingDone], postings: list[Posting]
) -> Table:
    """`table` from what was read."""
    day, done, here = today(site), _newest(every), _working(active_first(postings))
    known = {rule.course: rule for rule in rules}
    followed_here = {course for pk, course in done if pk in {staff.pk for staff in here}}
    shown = [c for c in Course if c in followed_here or (c in known and known[c].roles)]
    rows = [
        (
            staff,
            [_cell(staff, course, known.get(course), done.get((staff.pk, course)), day) for course in shown],
        )
        for staff in here
    ]
    return Table([(c, known.get(c)) for c in shown], [c for c in Course if c not in shown], rows)


def _cell(
    staff: Staff, course: Course, rule: CourseRule | None, done: TrainingDone | None, day: date
) -> Cell | None:
    asked = bool(rule and staff.role in rule.roles)
    return Cell(staff, course, asked, done, standing(done, day)) if asked or done else None


def due(site: Site) -> list[Due]:
    """What is asked and lacking or about to end, course by course. It stops nobody from acting."""
    return due_in(table(site))


def due_in(table: Table) -> list[Due]:
    cells = [cell for _staff, row in table.rows for cell in row if cell and cell.asked]
    found = []
    for course in Course:
        of_it = [cell for cell in cells if cell.course == course]
        lacking = [c.staff for c in of_it if c.standing in (Standing.OVER, Standing.NEVER)]
        soon = [c.staff for c in of_it if c.standing == Standing.SOON]
        if lacking or soon:
            found.append(Due(course, lacking, soon))
    return found


def may_be_trained() -> list[str]:
    """Codes of the roles of which something may be asked."""
    return [
        code for code, role in BY_CODE.items() if role.on_site and Permission.SIGNED_IN in role.permissions
    ]


def followed(site: Site) -> list[TrainingDone]:
    """Every training entered for who works here, the newest first."""
    here = {one.pk for one in working(site)}
    rows = TrainingDone.objects.at(site).filter(withdrawn_at=None, staff_id__in=here)
    return list(rows.select_related("staff"))
