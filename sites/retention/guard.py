"""What the database itself demands of who destroys: past its period, and under no hold.

Functions and triggers are made from the declared rules after each migrate. The periods signed by the
organisation count, never under what the law asks, whatever a row of the schedule says. Only scs_purge
may take out a row of a table that is only added to.
"""

from string import Template

from django.db import connection
from django.db.models import Model

from sites.clients.models import Client
from sites.records.models import Authorship, Record
from sites.records.stories import KINDS
from sites.retention.rules import RULES, TRAIL
from sites.retention.tables import DATED, EMPTIED, SHORTENED, STORIES, Emptied, Row, destroyed
from sites.trail.models import TrailEntry

MONTHS = Template("""
create or replace function scs_signed_months(asked text, at_site bigint) returns int
language sql stable as $$$$
  select max(greatest(signed.months, case asked $floors end))
  from (
    select (select coalesce(s.periods->'sites'->site.code->>asked, s.periods->'all'->>asked)
            from scs_retentionschedule s where s.organisation_id = o.id order by s.id desc limit 1
           )::int as months
    from scs_organisation o join scs_site site on site.organisation_id = o.id
    where at_site is null or site.id = at_site
  ) signed
  having bool_and(signed.months is not null)
$$$$;
-- The trail says who did what to everything else: it goes last.
create or replace function scs_kept_months(asked text, at_site bigint) returns int language sql stable as $$$$
  select case when asked <> '$trail' then scs_signed_months(asked, at_site)
    when scs_signed_months(asked, null) is not null
      then (select max(scs_signed_months(code, null)) from unnest(array[$codes]) code) end
$$$$;
create or replace function scs_kept_since(asked text, at_site bigint) returns date language sql stable as $$$$
  select (date_trunc('month', now() at time zone 'UTC')
    - make_interval(months => scs_kept_months(asked, at_site)))::date
$$$$;
create or replace function scs_rule_of(kind text) returns text language sql immutable as $$$$
  select case $kinds end
$$$$;
create or replace function scs_story_day(asked text, at_site bigint, about uuid) returns date
language sql stable as $$$$
  select coalesce(case asked $days end,
    (select min(service_date) from scs_record
     where site_id = at_site and subject = about and target is null and status = 'created'))
$$$$;
create or replace function scs_held(asked text, at_site bigint, day date, about uuid) returns boolean
language sql stable as $$$$
  select exists (
    select 1 from scs_legalhold h
    where h.lifted_at is null and (h.until is null or h.until >= (now() at time zone 'UTC')::date)
      and (h.site_id is null or h.site_id = at_site)
      and (h.category = '' or h.category = asked)
      and (h.first is null or day >= h.first) and (h.last is null or day <= h.last)
      and (h.client_ref is null
        or exists (select 1 from scs_agreement a
          where a.site_id = at_site and a.client_id = h.client_ref and a.record_id = about)
        or exists (select 1 from scs_breach b
          where b.site_id = at_site and b.client_id = h.client_ref and b.record_id = about)
        or exists (select 1 from scs_clientalert b
          where b.site_id = at_site and b.client_id = h.client_ref and b.record_id = about)
        or exists (select 1 from scs_visit v
          where v.site_id = at_site and v.client_id = h.client_ref and (v.ref = about or v.ref::text in (
            select coalesce(r.data->>'visit', r.data->'data'->>'visit') from scs_record r
            where r.site_id = at_site and r.subject = about)))))
$$$$;
-- Who worked at a site until that day: a hold there, on days on which they did, keeps their name.
create or replace function scs_leaver_held(who bigint, left_on date) returns boolean
language sql stable as $$$$
  select exists (
    select 1 from scs_legalhold h
    where h.lifted_at is null and (h.until is null or h.until >= (now() at time zone 'UTC')::date)
      and h.client_ref is null and h.category in ('', 'leavers')
      and (h.first is null or h.first <= left_on)
      and (h.site_id is null or exists (select 1 from scs_posting p
        where p.staff_id = who and p.site_id = h.site_id and (h.last is null or p.since <= h.last))))
$$$$;
-- A hold of any site, on anyone: no row of the trail is of one site alone, or of one person.
create or replace function scs_trail_held(day date) returns boolean language sql stable as $$$$
  select exists (
    select 1 from scs_legalhold h
    where h.lifted_at is null and (h.until is null or h.until >= (now() at time zone 'UTC')::date)
      and h.category in ('', '$trail')
      and (h.first is null or day >= h.first) and (h.last is null or day <= h.last))
$$$$;
create or replace function scs_must_be_due(asked text, at_site bigint, day date, about uuid) returns void
language plpgsql stable as $$$$
begin
  if day is null or asked is null or scs_kept_since(asked, at_site) is null
      or day >= scs_kept_since(asked, at_site) then
    raise exception '% of % is not due', asked, day using errcode = 'restrict_violation';
  end if;
  if scs_held(asked, at_site, day, about) then
    raise exception '% of % is under a legal hold', asked, day using errcode = 'restrict_violation';
  end if;
end $$$$;
create or replace function scs_record_must_be_due(r scs_record) returns void language plpgsql stable as $$$$
declare
  asked text;
begin
  if r.status <> 'created' then
    perform scs_must_be_due('aside', r.site_id, (r.received_at at time zone 'UTC')::date, r.subject);
    return;
  end if;
  select scs_rule_of(f.kind) into asked from scs_record f
    where f.site_id = r.site_id and f.subject = r.subject and f.target is null
      and f.status = 'created' limit 1;
  perform scs_must_be_due(asked, r.site_id, scs_story_day(asked, r.site_id, r.subject), r.subject);
end $$$$;
-- Facts are only added to, but for who destroys what is due: `only_due` looks at each row.
create or replace function scs_only_added() returns trigger language plpgsql as $$$$
begin
  if tg_op = 'DELETE' and current_user = 'scs_purge' then
    return old;
  end if;
  raise exception '% is only added to: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end $$$$;
""")
TRIGGER = Template("""
create or replace function $name() returns trigger language plpgsql stable as $$$$
declare
  r scs_record;
begin
  if current_user <> 'scs_purge' then
    $others
  end if;
  $judged
  return old;
end $$$$;
drop trigger if exists only_due on $table;
create trigger only_due before delete on $table for each row execute function $name();
""")
EMPTIES = Template("""
create or replace function $name() returns trigger language plpgsql stable as $$$$
begin
  if current_user = 'scs_purge' then
    perform scs_must_be_due('$rule', null, $day, null);
    if $held then
      raise exception '$rule is under a legal hold' using errcode = 'restrict_violation';
    end if;
  end if;
  return new;
end $$$$;
drop trigger if exists only_due on $table;
create trigger only_due before update on $table for each row execute function $name();
""")
# Judged at once for all rows of a statement: a day of the trail may have hundred thousands.
SHORTENS = Template("""
create or replace function $name() returns trigger language plpgsql stable as $$$$
begin
  $judged
  return null;
end $$$$;
drop trigger if exists only_due on $table;
create trigger only_due after delete on $table referencing old table as gone
  for each statement execute function $name();
""")
OF_ENTRIES = """if exists (select 1 from gone) and (
      scs_kept_since('$trail', null) is null
      or (select max((at at time zone 'UTC')::date) from gone) >= scs_kept_since('$trail', null)) then
    raise exception '$trail is not due' using errcode = 'restrict_violation';
  end if;
  if exists (select 1 from (select distinct (at at time zone 'UTC')::date as day from gone) days
      where scs_trail_held(day)) then
    raise exception '$trail is under a legal hold' using errcode = 'restrict_violation';
  end if;
  if exists (select 1 from gone left join scs_traillink l on l.entry_id = gone.id
      where l.position is null or l.position > (select coalesce(max(position), 0) from scs_trailanchor)) then
    raise exception 'the row is not before an anchor' using errcode = 'restrict_violation';
  end if;"""
OF_LINKS = """if exists (select 1 from gone join scs_trailentry e on e.id = gone.entry_id) or exists (
      select 1 from gone where position > (select coalesce(max(position), 0) from scs_trailanchor)) then
    raise exception 'the link is not before an anchor' using errcode = 'restrict_violation';
  end if;"""
REFUSED = (
    "raise exception '% is only added to: % refused', tg_table_name, tg_op"
    " using errcode = 'restrict_violation';"
)
OF_RECORD = "perform scs_record_must_be_due(old);"
OF_AUTHOR = """select * into r from scs_record one
    where one.site_id = old.site_id and one.record_id = old.record_id;
  perform scs_record_must_be_due(r);"""
# Agreements go first; who is still linked to a visit is kept by the key that points here.
OF_CLIENT = """if exists (select 1 from scs_agreement a where a.client_id = old.id) then
    raise exception 'a client with an agreement' using errcode = 'restrict_violation';
  end if;
  perform scs_must_be_due('people', old.site_id, old.first_agreed_on, null);"""


def apply(**_) -> None:
    """Bring functions and triggers to what the rules declare, where their tables are."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if "scs_retentionschedule" not in present:
            return
        # They name every table; after a step back one may be gone, and so are its rows.
        cursor.execute("set check_function_bodies = off")
        cursor.execute(_functions())
        cursor.execute("reset check_function_bodies")
        for table, model in destroyed().items():
            if table in present:
                cursor.execute(_trigger(table, model))
        for model in SHORTENED:
            cursor.execute(_shortening(model))
        for one in EMPTIED:
            cursor.execute(_emptying(one))


def _functions() -> str:
    of_story = {name: stories.rule for stories in STORIES for name in stories.names}
    return MONTHS.substitute(
        trail=TRAIL,
        codes=", ".join(f"'{rule.code}'" for rule in RULES),
        floors=" ".join(f"when '{rule.code}' then {rule.low}" for rule in RULES),
        kinds=" ".join(
            f"when kind = '{kind.name}' then '{of_story[kind.story.name]}'" for kind in KINDS.values()
        ),
        days=" ".join(
            f"when '{one.rule}' then {Template(one.day).substitute(s='at_site', r='about')}"
            for one in STORIES
        ),
    )


def _trigger(table: str, model: type[Model]) -> str:
    added_only = "DELETE" not in model.GRANTS.get("scs_app", "")  # type: ignore[attr-defined]
    return TRIGGER.substitute(
        name=f"scs_due_{table.removeprefix('scs_')}",
        table=table,
        others=REFUSED if added_only else "return old;",
        judged=_judged(model),
    )


def _shortening(model: type[Model]) -> str:
    table = model._meta.db_table
    judged = Template(OF_ENTRIES if model is TrailEntry else OF_LINKS).substitute(trail=TRAIL)
    return SHORTENS.substitute(name=f"scs_due_{table.removeprefix('scs_')}", table=table, judged=judged)


def _emptying(one: Emptied) -> str:
    name = f"scs_due_{one.table.removeprefix('scs_')}"
    of_old = {"day": one.day.replace("t.", "old."), "held": one.held.replace("t.", "old.")}
    return EMPTIES.substitute(name=name, rule=one.rule, table=one.table, **of_old)


def _judged(model: type[Model]) -> str:
    if model is Record:
        return OF_RECORD
    if model is Authorship:
        return OF_AUTHOR
    if model is Client:
        return OF_CLIENT
    for dated in DATED:
        if dated.model is model:
            day = dated.day.replace("t.", "old.")
            site = "old.site_id" if dated.site else "null"
            return f"perform scs_must_be_due('{dated.rule}', {site}, {day}, null);"
    return next(_of_story(one.rule, row) for one in STORIES for row in one.rows if row.model is model)


def _of_story(rule: str, row: Row) -> str:
    about = f"old.{row.ref}"
    if row.parent:
        about = f"(select p.{parent_ref(row)} from {row.parent._meta.db_table} p where p.id = old.{row.ref})"  # noqa: S608
    day = f"scs_story_day('{rule}', old.site_id, {about})"
    return f"perform scs_must_be_due('{rule}', old.site_id, {day}, {about});"


def parent_ref(row: Row) -> str:
    """The column by which a child’s parent names its story."""
    return next(one.ref for stories in STORIES for one in stories.rows if one.model is row.parent)
