"""What is past its period and under no hold: asked alike by a dry run and by destruction.

The database judges each row again when it goes (see guard).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import connection, transaction

from harmreduction.pg.scope import acting
from sites.clients.services import month_end
from sites.holds.services import is_held
from sites.keyring.services import living_keys
from sites.keyring.words import PREFIX
from sites.places.models import Site
from sites.records.stories import KINDS
from sites.retention.guard import parent_ref
from sites.retention.rules import RULES
from sites.retention.tables import Dated, Emptied, Row, Stories

AT_ONCE = 500
TEXTS, ASIDE, PEOPLE = "texts", "aside", "people"

TOLD = """
site_id = %(site)s and service_date {when} and status = 'created' and target is null
    and kind = any(%(kinds)s)
"""
DAYS = f"select distinct service_date from scs_record where {TOLD.format(when='< %(since)s')} order by 1"  # noqa: S608
NEXT_DAY = f"""
select min(service_date) from scs_record where {TOLD.format(when="< %(since)s")}
  and (%(after)s::date is null or service_date > %(after)s)
"""  # noqa: S608
# The day of a story is asked for once: hence the offset.
PAST = f"""
select subject, day from (
  select subject, scs_story_day(%(rule)s, %(site)s, subject) as day from (
    select distinct subject from scs_record where {TOLD.format(when="= %(day)s")}
  ) told offset 0
) dated where day < %(since)s
"""  # noqa: S608
SUBJECTS = f"""
select subject from ({PAST}) past where not scs_held(%(rule)s, %(site)s, day, subject) limit %(most)s
"""  # noqa: S608
# Of what was told on several days, on the first of them.
JUDGED = f"""
select subject, scs_held(%(rule)s, %(site)s, day, subject) from ({PAST}) past
where not exists (
  select 1 from scs_record earlier where earlier.subject = past.subject
    and {TOLD.format(when="< %(day)s")}
)
"""  # noqa: S608
BOTH = "count(*) filter (where not {held}), count(*) filter (where {held})"
RECEIVED = "(received_at at time zone 'UTC')::date"
# Clients without any agreement left.
STRANGERS = """
scs_client c where site_id = %s and first_agreed_on < %s
  and not exists (select 1 from scs_agreement a where a.client_id = c.id)
  and not exists (select 1 from scs_visit v where v.client_id = c.id)
  and not exists (select 1 from scs_breach b where b.client_id = c.id)
  and not exists (select 1 from scs_clientalert b where b.client_id = c.id)
  and not scs_held('people', site_id, first_agreed_on, null)
"""


def cutoffs(site: Site | None, until: date | None = None) -> dict[str, date]:
    """Rule → first day that is kept, as the database judges; empty when nobody signed a schedule."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select code, scs_kept_since(code, %s) from unnest(%s::text[]) code",
            [site.pk if site else None, [rule.code for rule in RULES]],
        )
        found = {rule: since for rule, since in cursor.fetchall() if since is not None}
    if until is None:
        return found
    return {rule: min(since, until + timedelta(days=1)) for rule, since in found.items()}


def asked(stories: Stories, site: Site, since: dict[str, date], **more) -> dict:
    kinds = [kind.name for kind in KINDS.values() if kind.story.name in stories.names]
    told = {"site": site.pk, "rule": stories.rule, "since": since[stories.rule], "kinds": kinds}
    return told | {"most": AT_ONCE} | more


def aside(what: str, site: Site, since: dict[str, date], more: str = "") -> tuple[str, dict]:
    held = f"scs_held('{ASIDE}', site_id, {RECEIVED}, subject)"
    sql = (
        f"select {what.format(held=held)} from scs_record where site_id = %(site)s and status <> 'created'"  # noqa: S608
        f" and {RECEIVED} < %(since)s {more.format(held=held)}"
    )
    return sql, {"site": site.pk, "since": since[ASIDE], "most": AT_ONCE}


def dated_rows(
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


def emptied_rows(what: str, one: Emptied, since: dict[str, date], more: str = "") -> tuple[str, dict]:
    sql = (
        f"select {what.format(held=one.held)} from {one.table} t where {one.day} < %(since)s"  # noqa: S608
        f" and t.{one.column} is distinct from {one.into} {more.format(held=one.held)}"
    )
    return sql, {"since": since[one.rule], "most": AT_ONCE}


def text_keys(site: Site, since: date) -> list[tuple[str, bool]]:
    """Keys of texts written before this day, with whether a hold keeps them."""
    found = []
    for name in living_keys(site, PREFIX):
        first = date.fromisoformat(f"{name.removeprefix(PREFIX)}-01")
        if month_end(first) < since:
            found.append((name, is_held(site, TEXTS, first, month_end(first))))
    return found


def rows_of_stories(site: Site, stories: Stories, subjects: list) -> list[tuple[str, tuple[str, list]]]:
    """Table → what follows « from » for all it holds of these stories, and its values; as they go."""
    folded = [(row.table, _of_row(row, site, subjects)) for row in stories.rows]
    return [*folded, *_of_records(site, subjects).items()]


def _of_row(row: Row, site: Site, subjects: list) -> tuple[str, list]:
    named, values = f"{row.ref} = any(%s)", [site.pk, subjects]
    if row.parent:
        parent = row.parent._meta.db_table
        named = f"{row.ref} in (select id from {parent} where site_id = %s and {parent_ref(row)} = any(%s))"  # noqa: S608
        values = [site.pk, *values]
    return f"{row.table} where site_id = %s and {named}", values


def _of_records(site: Site, subjects: list) -> dict[str, tuple[str, list]]:
    """Who is said to have written them, then the records themselves; corrections and voids with them."""
    of = "site_id = %s and subject = any(%s) and status = 'created'"
    told = f"select record_id from scs_record where {of}"  # noqa: S608
    return {
        "scs_authorship": (
            f"scs_authorship where site_id = %s and record_id in ({told})",
            [site.pk, site.pk, subjects],
        ),
        "scs_record": (f"scs_record where {of}", [site.pk, subjects]),
    }


@contextmanager
def seeing_all() -> Iterator[None]:
    """Every site in sight, to judge what is of no site: a hold of any of them counts."""
    with acting(sites=list(Site.objects.values_list("pk", flat=True))):
        yield


@contextmanager
def seeing(site: Site | None) -> Iterator[None]:
    """One transaction, with this site in sight."""
    with transaction.atomic(), acting(sites=[site.pk] if site else []):
        yield
