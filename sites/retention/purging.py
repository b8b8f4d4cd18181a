"""Destruction: what is past its period and under no hold, in batches that a kill at any moment leaves whole.

Only the deletes, and the emptying of a name, run as scs_purge.
"""

import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date, timedelta

from django.db import connection

from harmreduction.pg.scope import PURGE, acting
from sites.indicators.services import freeze
from sites.keyring.services import destroy
from sites.oversight.anchors import Part, drop_anchor, parts
from sites.oversight.chain import one_at_a_time
from sites.places.models import Site
from sites.records.locks import hold_locks
from sites.retention.models import Destruction
from sites.retention.rules import RULES, TRAIL
from sites.retention.selecting import (
    ASIDE,
    AT_ONCE,
    DAYS,
    PEOPLE,
    STRANGERS,
    SUBJECTS,
    TEXTS,
    aside,
    asked,
    dated_rows,
    emptied_rows,
    rows_of_stories,
    seeing,
    seeing_all,
    text_keys,
)
from sites.retention.tables import DATED, EMPTIED, STORIES, Dated, Emptied, Stories

SHORTEN = {
    "scs_trailentry": "delete from scs_trailentry e using scs_traillink l"
    " where l.entry_id = e.id and l.position > %s and l.position <= %s",
    "scs_traillink": "delete from scs_traillink where position > %s and position <= %s",
}


class Purge:
    """One run. `seconds`: how long it may take now; what is left is found by the next call."""

    def __init__(self, run: Destruction, seconds: float | None = None):
        self.run, self.site = run, run.site
        self.since = {rule: date.fromisoformat(day) for rule, day in run.cutoffs.items()}
        self.until = None if seconds is None else time.monotonic() + seconds

    def go(self) -> bool:
        """Destroy; whether nothing is left. Each batch is one transaction, counted in it."""
        if self.site:
            with self._transaction():
                if not freeze(self.site, last_counted(self.since)):
                    return False
            work = [self._stories(stories) for stories in STORIES] + [self._set_aside()]
        else:
            work = [*(self._emptied(one) for one in EMPTIED), self._trail()]
        work += [self._of(dated) for dated in DATED if dated.site == (self.site is not None)]
        for batches in work:
            for _done in batches:
                if self.until is not None and time.monotonic() > self.until:
                    return False
        if self.site:
            self._keys()
        return True

    def _transaction(self):
        return seeing(self.site)

    def _stories(self, stories: Stories) -> Iterator[None]:
        told = asked(stories, self.site, self.since)
        with self._transaction(), connection.cursor() as cursor:
            cursor.execute(DAYS, told)
            days = [day for (day,) in cursor.fetchall()]
        for day in days:
            more = True
            while more:
                more = self._batch(stories, told | {"day": day})
                yield
        if stories.rule == PEOPLE:
            self._strangers()

    def _batch(self, stories: Stories, told: dict) -> bool:
        with self._transaction(), connection.cursor() as cursor:
            cursor.execute(SUBJECTS, told)
            subjects = [subject for (subject,) in cursor.fetchall()]
            if not subjects:
                return False
            # Who corrects one of them now comes before, or finds nothing.
            hold_locks(self.site, map(str, subjects))
            with acting(role=PURGE):
                gone = _taken_out(cursor, self.site, stories, subjects)
            self._note(stories.rule, gone)
            return len(subjects) == AT_ONCE

    def _strangers(self) -> None:
        """Clients without any agreement left."""
        with self._transaction(), connection.cursor() as cursor, acting(role=PURGE):
            cursor.execute(f"delete from {STRANGERS}", [self.site.pk, self.since[PEOPLE]])  # noqa: S608
            gone = cursor.rowcount
        if gone:
            with self._transaction():
                self._note(PEOPLE, {"scs_client": gone})

    def _set_aside(self) -> Iterator[None]:
        sql, values = aside("id", self.site, self.since, "and not {held} limit %(most)s")
        delete = f"delete from scs_record where id in ({sql})"  # noqa: S608
        yield from self._by_ids(ASIDE, "scs_record", delete, values)

    def _of(self, dated: Dated) -> Iterator[None]:
        sql, values = dated_rows("t.id", dated, self.site, self.since, "and not {held} limit %(most)s")
        delete = f"delete from {dated.table} where id in ({sql})"  # noqa: S608
        yield from self._by_ids(dated.rule, dated.table, delete, values)

    def _emptied(self, one: Emptied) -> Iterator[None]:
        sql, values = emptied_rows("t.id", one, self.since, "and not {held} limit %(most)s")
        update = f"update {one.table} t set {one.column} = {one.into} where id in ({sql})"  # noqa: S608
        yield from self._by_ids(one.rule, one.table, update, values)

    def _trail(self) -> Iterator[None]:
        """A closed day of the trail at a time, its beginning moved and signed with it."""
        more = True
        while more:
            with self._transaction(), seeing_all(), connection.cursor() as cursor:
                one_at_a_time()
                part = next(parts(self.since[TRAIL]), None)
                more = part is not None and not part.stays
                if part and more:
                    drop_anchor(part)
                    with acting(role=PURGE):
                        gone = shortened(cursor, part)
                    self._note(TRAIL, gone)
            yield

    def _by_ids(self, rule: str, table: str, sql: str, values: dict) -> Iterator[None]:
        gone = AT_ONCE
        while gone == AT_ONCE:
            with self._transaction(), connection.cursor() as cursor:
                with nullcontext() if self.site else seeing_all(), acting(role=PURGE):
                    cursor.execute(sql, values)
                    gone = cursor.rowcount
                self._note(rule, {table: gone})
            yield

    def _keys(self) -> None:
        with self._transaction():
            dead = [name for name, held in text_keys(self.site, self.since[TEXTS]) if not held]
            for name in dead:
                destroy(self.site, name)
            self.run.keys = sorted({*self.run.keys, *(f"{self.site.code}-{name}" for name in dead)})
            self.run.save(update_fields=["keys"])

    def _note(self, rule: str, gone: dict[str, int]) -> None:
        counts = self.run.counts.setdefault(rule, {})
        for table, rows in gone.items():
            if rows:
                counts[table] = counts.get(table, 0) + rows
        if not counts:
            del self.run.counts[rule]
        self.run.save(update_fields=["counts"])


def _taken_out(cursor, site: Site, stories: Stories, subjects: list) -> dict[str, int]:
    gone = {}
    for table, (rows, values) in rows_of_stories(site, stories, subjects):
        cursor.execute(f"delete from {rows}", values)  # noqa: S608
        gone[table] = cursor.rowcount
    return gone


def shortened(cursor, part: Part) -> dict[str, int]:
    """Take out the rows of this part, then their links; rows by table."""
    gone = {}
    for table, sql in SHORTEN.items():
        cursor.execute(sql, [part.before, part.last])
        gone[table] = cursor.rowcount
    return gone


def last_counted(since: dict[str, date]) -> date:
    """The last day of which any fact that is counted may go."""
    return max(since[rule.code] for rule in RULES if rule.counted) - timedelta(days=1)
