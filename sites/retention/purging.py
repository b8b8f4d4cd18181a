"""Destruction: what is past its period and under no hold, in batches that a kill at any moment leaves whole.

Only the deletes run as scs_purge; the database judges each row again (see guard).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction

from harmreduction.pg.scope import PURGE, acting
from sites.clients.services import month_end
from sites.holds.services import is_held
from sites.indicators.services import freeze
from sites.keyring.services import destroy, living_keys
from sites.keyring.words import PREFIX
from sites.places.models import Site
from sites.records.locks import hold_locks
from sites.records.stories import KINDS
from sites.retention.guard import parent_ref
from sites.retention.models import Destruction
from sites.retention.rules import BY_CODE, RULES
from sites.retention.tables import DATED, STORIES, Dated, Row, Stories

AT_ONCE = 500
TEXTS, ASIDE, PEOPLE = "texts", "aside", "people"

SUBJECTS = """
select subject from (
  select distinct subject from scs_record
  where site_id = %(site)s and service_date = %(day)s and status = 'created' and target is null
    and kind = any(%(kinds)s)
) told
where scs_story_day(%(rule)s, %(site)s, subject) < %(since)s
  and not scs_held(%(rule)s, %(site)s, scs_story_day(%(rule)s, %(site)s, subject), subject)
limit %(most)s
"""
DAYS = """
select distinct service_date from scs_record
where site_id = %(site)s and service_date < %(since)s and status = 'created' and target is null
  and kind = any(%(kinds)s)
order by 1
"""
COUNT_STORIES = """
select count(*) filter (where not held), count(*) filter (where held) from (
  select scs_held(%(rule)s, %(site)s, scs_story_day(%(rule)s, %(site)s, subject), subject) as held from (
    select distinct subject from scs_record
    where site_id = %(site)s and service_date < %(since)s and status = 'created' and target is null
      and kind = any(%(kinds)s)
  ) told where scs_story_day(%(rule)s, %(site)s, subject) < %(since)s
) due
"""
BOTH = "count(*) filter (where not {held}), count(*) filter (where {held})"
RECEIVED = "(received_at at time zone 'UTC')::date"


@dataclass(frozen=True)
class Due:
    """What a rule would destroy at a site, and what a hold keeps: stories, rows or keys."""

    rule: str
    since: date
    count: int
    held: int


def cutoffs(site: Site | None, until: date | None = None) -> dict[str, date]:
    """Rule → first day that is kept, as the database judges; empty when nobody signed a schedule."""
    at = site.pk if site else None
    with connection.cursor() as cursor:
        found = {}
        for rule in RULES:
            cursor.execute("select scs_kept_since(%s, %s)", [rule.code, at])
            (since,) = cursor.fetchone()
            if since is not None:
                found[rule.code] = min(since, until + timedelta(days=1)) if until else since
    return found


# --- What would go ---------------------------------------------------------------------------
def what_is_due(site: Site | None, since: dict[str, date]) -> list[Due]:
    """By rule, for a dry run: nothing is written."""
    found: dict[str, list[int]] = {}
    for rule, count, held in _counted(site, since):
        both = found.setdefault(rule, [0, 0])
        both[0] += count
        both[1] += held
    return [Due(rule, since[rule], *found[rule]) for rule in BY_CODE if rule in found]


def _counted(site: Site | None, since: dict[str, date]) -> Iterator[tuple[str, int, int]]:
    with connection.cursor() as cursor:
        if site:
            for stories in STORIES:
                cursor.execute(COUNT_STORIES, _asked(stories, site, since))
                yield stories.rule, *cursor.fetchone()
            cursor.execute(*_aside(BOTH, site, since))
            yield ASIDE, *cursor.fetchone()
            keys = text_keys(site, since[TEXTS])
            yield TEXTS, sum(not held for _name, held in keys), sum(held for _name, held in keys)
        for dated in DATED:
            if dated.site == (site is not None):
                cursor.execute(*_dated(BOTH,
                                       dated, site, since))  # fmt: skip
                yield dated.rule, *cursor.fetchone()


def _asked(stories: Stories, site: Site, since: dict[str, date], **more) -> dict:
    kinds = [kind.name for kind in KINDS.values() if kind.story.name in stories.names]
    told = {"site": site.pk, "rule": stories.rule, "since": since[stories.rule], "kinds": kinds}
    return told | {"most": AT_ONCE} | more


def _aside(what: str, site: Site, since: dict[str, date], more: str = "") -> tuple[str, dict]:
    held = f"scs_held('{ASIDE}', site_id, {RECEIVED}, subject)"
    sql = (
        f"select {what.format(held=held)} from scs_record where site_id = %(site)s and status <> 'created'"  # noqa: S608
        f" and {RECEIVED} < %(since)s {more.format(held=held)}"
    )
    return sql, {"site": site.pk, "since": since[ASIDE], "most": AT_ONCE}


def _dated(
    what: str, dated: Dated, site: Site | None, since: dict[str, date], more: str = ""
) -> tuple[str, dict]:
    at = "t.site_id" if dated.site else "null"
    held = f"scs_held('{dated.rule}', {at}, {dated.day}, null)"
    of_site = "t.site_id = %(site)s and " if dated.site else ""
    sql = (
        f"select {what.format(held=held)} from {dated.table} t where {of_site}{dated.day} < %(since)s"  # noqa: S608
        f" {more.format(held=held)}"
    )
    return sql, {"site": site.pk if site else None, "since": since[dated.rule], "most": AT_ONCE}


def text_keys(site: Site, since: date) -> list[tuple[str, bool]]:
    """Keys of texts written before this day, with whether a hold keeps them."""
    found = []
    for name in living_keys(site, PREFIX):
        first = date.fromisoformat(f"{name.removeprefix(PREFIX)}-01")
        if month_end(first) < since:
            found.append((name, is_held(site, TEXTS, first, month_end(first))))
    return found


# --- What goes -------------------------------------------------------------------------------
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
            work = []
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
        asked = _asked(stories, self.site, self.since)
        with self._transaction(), connection.cursor() as cursor:
            cursor.execute(DAYS, asked)
            days = [day for (day,) in cursor.fetchall()]
        for day in days:
            more = True
            while more:
                more = self._batch(stories, asked | {"day": day})
                yield
        if stories.rule == PEOPLE:
            self._strangers()

    def _batch(self, stories: Stories, asked: dict) -> bool:
        with self._transaction(), connection.cursor() as cursor:
            cursor.execute(SUBJECTS, asked)
            subjects = [subject for (subject,) in cursor.fetchall()]
            if not subjects:
                return False
            # Who corrects one of them now comes before, or finds nothing.
            hold_locks(self.site, map(str, subjects))
            with acting(role=PURGE):
                gone = {row.table: self._rows(cursor, row, subjects) for row in stories.rows}
                gone |= _records(cursor, self.site, subjects)
            self._note(stories.rule, gone)
            return len(subjects) == AT_ONCE

    def _rows(self, cursor, row: Row, subjects: list) -> int:
        named = f"{row.ref} = any(%s)"
        if row.parent:
            parent = row.parent._meta.db_table
            named = (
                f"{row.ref} in (select id from {parent} where site_id = %s and {parent_ref(row)} = any(%s))"  # noqa: S608
            )
        values = [self.site.pk, self.site.pk, subjects] if row.parent else [self.site.pk, subjects]
        cursor.execute(f"delete from {row.table} where site_id = %s and {named}", values)  # noqa: S608
        return cursor.rowcount

    def _strangers(self) -> None:
        """Clients without any agreement left."""
        with self._transaction(), connection.cursor() as cursor, acting(role=PURGE):
            cursor.execute(
                "delete from scs_client c where site_id = %s and first_agreed_on < %s"
                " and not exists (select 1 from scs_agreement a where a.client_id = c.id)"
                " and not exists (select 1 from scs_visit v where v.client_id = c.id)"
                " and not exists (select 1 from scs_breach b where b.client_id = c.id)"
                " and not scs_held('people', site_id, first_agreed_on, null)",
                [self.site.pk, self.since[PEOPLE]],
            )
            gone = cursor.rowcount
        if gone:
            with self._transaction():
                self._note(PEOPLE, {"scs_client": gone})

    def _set_aside(self) -> Iterator[None]:
        sql, values = _aside("id", self.site, self.since, "and not {held} limit %(most)s")
        yield from self._by_ids(ASIDE, "scs_record", sql, values)

    def _of(self, dated: Dated) -> Iterator[None]:
        sql, values = _dated("t.id", dated, self.site, self.since, "and not {held} limit %(most)s")
        yield from self._by_ids(dated.rule, dated.table, sql, values)

    def _by_ids(self, rule: str, table: str, sql: str, values: dict) -> Iterator[None]:
        gone = AT_ONCE
        while gone == AT_ONCE:
            with self._transaction(), connection.cursor() as cursor:
                with acting(role=PURGE):
                    cursor.execute(f"delete from {table} where id in ({sql})", values)  # noqa: S608
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


def _records(cursor, site: Site, subjects: list) -> dict[str, int]:
    """Who is said to have written them, then the records themselves; corrections and voids with them."""
    of = "site_id = %s and subject = any(%s) and status = 'created'"
    told = f"select record_id from scs_record where {of}"  # noqa: S608
    author = f"delete from scs_authorship where site_id = %s and record_id in ({told})"  # noqa: S608
    cursor.execute(author, [site.pk, site.pk, subjects])
    authors = cursor.rowcount
    cursor.execute(f"delete from scs_record where {of}", [site.pk, subjects])  # noqa: S608
    return {"scs_authorship": authors, "scs_record": cursor.rowcount}


def last_counted(since: dict[str, date]) -> date:
    """The last day of which any fact that is counted may go."""
    return max(since[rule.code] for rule in RULES if rule.counted) - timedelta(days=1)


@contextmanager
def seeing(site: Site | None) -> Iterator[None]:
    """One transaction, with this site in sight."""
    with transaction.atomic(), acting(sites=[site.pk] if site else []):
        yield
