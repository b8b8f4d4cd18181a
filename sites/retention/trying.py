"""A dry run: what destruction would take out now, counted a little at a time by the worker.

It asks what destruction asks, so that its figures are those of the certificate. Nothing is written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from django.db import connection, transaction

from sites.oversight.anchors import parts
from sites.places.models import Site
from sites.retention.models import DryRun
from sites.retention.rules import BY_CODE, TRAIL
from sites.retention.selecting import (
    ASIDE,
    BOTH,
    DAYS,
    JUDGED,
    NEXT_DAY,
    PEOPLE,
    STRANGERS,
    TEXTS,
    aside,
    asked,
    dated_rows,
    emptied_rows,
    rows_of_stories,
    seeing_all,
    text_keys,
)
from sites.retention.tables import DATED, EMPTIED, SHORTENED, STORIES, Dated, Emptied, Stories

FREED = """
update {table} t set client_id = null where site_id = %(site)s and client_id is not null
  and service_date < %(since)s and not scs_held(%(rule)s, site_id, service_date, {ref})
  and exists (select 1 from scs_record r where r.site_id = t.site_id and r.subject = {ref}
    and r.service_date < %(since)s and r.status = 'created' and r.target is null)
"""
# Rule → the table by which it links people to what happened, and the column that names the story.
LINKS = {
    "visits": {"table": "scs_visit", "ref": "ref"},
    "incidents": {"table": "scs_breach", "ref": "record_id"},
}


@dataclass(frozen=True)
class Due:
    """What a rule would destroy at a site, and what a hold keeps: stories, rows or keys; `rows` by table."""

    rule: str
    since: date
    count: int
    held: int
    rows: dict[str, int]


Step = Stories | Dated | Emptied | str


def steps_of(site: Site | None) -> list[Step]:
    """In the order of destruction."""
    of_site: list[Step] = [*STORIES, ASIDE] if site else []
    dated: list[Step] = [one for one in DATED if one.site == (site is not None)]
    return [*of_site, *dated, *([TEXTS] if site else [*EMPTIED, TRAIL])]


class Trial:
    """One dry run, carried on from where it stands. The caller sees its site, and keeps the row."""

    def __init__(self, told: DryRun):
        self.told, self.site = told, told.site
        self.since = {rule: date.fromisoformat(day) for rule, day in told.cutoffs.items()}
        self.steps = steps_of(told.site)

    @property
    def over(self) -> bool:
        return not self.since or self.told.step >= len(self.steps)

    def told_so_far(self) -> list[Due]:
        told, rows = self.told.due, self.told.counts
        return [
            Due(rule, self.since[rule], *told[rule], rows.get(rule, {}))
            for rule in BY_CODE
            if rule in told and any(told[rule])
        ]

    def go_on(self) -> None:
        """The next day of a category, or the next category."""
        step = self.steps[self.told.step]
        with connection.cursor() as cursor:
            if isinstance(step, Stories) and step.rule != PEOPLE:
                self._day(cursor, step)
                return
            if isinstance(step, Stories):
                self._people(cursor, step)
            elif isinstance(step, Dated):
                cursor.execute(*dated_rows(BOTH, step, self.site, self.since))
                self._rows(step.rule, step.table, *cursor.fetchone())
            elif isinstance(step, Emptied):
                with seeing_all():
                    cursor.execute(*emptied_rows(BOTH, step, self.since))
                self._rows(step.rule, step.table, *cursor.fetchone())
            elif step == ASIDE:
                cursor.execute(*aside(BOTH, self.site, self.since))
                self._rows(ASIDE, "scs_record", *cursor.fetchone())
            elif step == TRAIL:
                self._trail()
            else:
                self._keys()
        self._next()

    def _next(self) -> None:
        self.told.step, self.told.day = self.told.step + 1, None

    def _day(self, cursor, stories: Stories) -> None:
        cursor.execute(NEXT_DAY, asked(stories, self.site, self.since, after=self.told.day))
        (day,) = cursor.fetchone()
        if day is None:
            self._next()
            return
        self._stories(cursor, stories, day)
        self.told.day = day

    def _stories(self, cursor, stories: Stories, day: date) -> list:
        """Count what is due of one day; the subjects that would go."""
        cursor.execute(JUDGED, asked(stories, self.site, self.since, day=day))
        judged = cursor.fetchall()
        subjects = [subject for subject, held in judged if not held]
        self._due(stories.rule, len(subjects), len(judged) - len(subjects))
        for table, (rows, values) in rows_of_stories(self.site, stories, subjects):
            cursor.execute(f"select count(*) from {rows}", values)  # noqa: S608
            self._add(stories.rule, table, cursor.fetchone()[0])
        return subjects

    def _people(self, cursor, stories: Stories) -> None:
        """Who is linked only to what goes: as if it were gone, then taken back."""
        told = asked(stories, self.site, self.since)
        with _taken_back():
            for rule, link in LINKS.items():
                about = {"site": self.site.pk, "rule": rule, "since": self.since[rule]}
                cursor.execute(FREED.format(**link), about)
            cursor.execute(DAYS, told)
            going: list = []
            for (day,) in cursor.fetchall():
                going += self._stories(cursor, stories, day)
            cursor.execute(
                "delete from scs_agreement where site_id = %s and record_id = any(%s)", [self.site.pk, going]
            )
            cursor.execute(f"select count(*) from {STRANGERS}", [self.site.pk, self.since[PEOPLE]])  # noqa: S608
            self._add(PEOPLE, "scs_client", cursor.fetchone()[0])

    def _keys(self) -> None:
        keys = text_keys(self.site, self.since[TEXTS])
        held = sum(held for _name, held in keys)
        self._due(TEXTS, len(keys) - held, held)

    def _trail(self) -> None:
        """What goes up to the first day that must stay, and what waits behind it."""
        with seeing_all():
            found = list(parts(self.since[TRAIL]))
        going = sum(part.rows for part in takewhile(lambda part: not part.stays, found))
        self._due(TRAIL, going, sum(part.rows for part in found) - going)
        for model in SHORTENED:
            self._add(TRAIL, model._meta.db_table, going)

    def _rows(self, rule: str, table: str, count: int, held: int) -> None:
        self._due(rule, count, held)
        self._add(rule, table, count)

    def _due(self, rule: str, count: int, held: int) -> None:
        before = self.told.due.get(rule, [0, 0])
        self.told.due[rule] = [before[0] + count, before[1] + held]

    def _add(self, rule: str, table: str, rows: int) -> None:
        if rows:
            tables = self.told.counts.setdefault(rule, {})
            tables[table] = tables.get(table, 0) + rows


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
