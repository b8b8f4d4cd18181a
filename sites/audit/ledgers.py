"""Two ways to the same number, in its own SQL: rows and records, stock and doses, facts and counts.

Days about to be counted again are left out. Each check yields faults: `expected` is what the facts say.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from sites.places.models import Site


@dataclass(frozen=True)
class Fault:
    check: str
    day: str
    what: str
    expected: str
    found: str


DOSES = """
with given as (
  select e.service_date as day, d.record_id, ceil(d.dose_mg / p.strength_mg)::int as units
  from scs_naloxonedose d
  join scs_overdoseevent e on e.id = d.event_id
  join scs_product p on p.code = d.product
  where d.site_id = %(site)s and e.service_date >= %(since)s and d.lot_ref is not null and p.strength_mg > 0
    and d.given_by in ('staff_nurse', 'staff_other', 'peer_worker')
), drawn as (
  select record_id, min(service_date) as day, -sum(units)::int as units from scs_stockmovement
  where site_id = %(site)s and service_date >= %(since)s - 1 and move = 'administered'
  group by record_id having sum(units) <> 0
)
select coalesce(g.day, d.day), 'units', coalesce(g.units, 0), coalesce(d.units, 0)
from given g full join (
  select * from drawn where exists (
    select 1 from scs_record r
    where r.site_id = %(site)s and r.record_id = drawn.record_id and r.kind = 'overdose.dose'
  )
) d using (record_id)
where coalesce(g.units, 0) <> coalesce(d.units, 0) and coalesce(g.day, d.day) >= %(since)s
"""

PEOPLE = """
with live as (
  select r.subject, r.kind from scs_record r
  where r.site_id = %(site)s and r.service_date >= %(since)s and r.status = 'created'
    and r.kind in ('visit.arrived', 'visit.closed', 'visit.left')
    and not exists (
      select 1 from scs_record v where v.site_id = %(site)s and v.target = r.record_id
        and v.kind = 'record.voided' and v.status = 'created'
    )
), arrived as (select distinct subject from live where kind = 'visit.arrived'),
departed as (select distinct subject from live where kind <> 'visit.arrived'),
visits as (select ref, ended_at from scs_visit where site_id = %(site)s and service_date >= %(since)s)
select null::date, 'arrivals', (select count(*) from arrived), (select count(*) from visits)
union all
select null::date, 'inside',
  (select count(*) from arrived where subject not in (select subject from departed)),
  (select count(*) from visits where ended_at is null)
"""

# The plainest numbers again, from the tables of facts, beside what was counted.
COUNTS = """
with again (day, code, n) as (
  select service_date, 'arrivals', count(*) from scs_visit
    where site_id = %(site)s and service_date >= %(since)s group by 1
  union all select service_date, 'visits', count(*) from scs_visit
    where site_id = %(site)s and service_date >= %(since)s and (seated_at is not null or consumed) group by 1
  union all select service_date, 'left_no_consume', count(*) from scs_visit
    where site_id = %(site)s and service_date >= %(since)s and state = 'left' group by 1
  union all select service_date, 'consumptions', count(*) from scs_consumption
    where site_id = %(site)s and service_date >= %(since)s group by 1
  union all select service_date, 'turned_away', sum(count) from scs_turnaway
    where site_id = %(site)s and service_date >= %(since)s group by 1
  union all select service_date, 'overdose_events', count(*) from scs_overdoseevent
    where site_id = %(site)s and service_date >= %(since)s and event_class = 'overdose'
      and not outside group by 1
  union all select service_date, 'ems_calls', sum(ems_calls) from scs_overdoseevent
    where site_id = %(site)s and service_date >= %(since)s group by 1
  union all select e.service_date, 'naloxone_doses_staff', count(*)
    from scs_naloxonedose d join scs_overdoseevent e on e.id = d.event_id
    where d.site_id = %(site)s and e.service_date >= %(since)s
      and d.given_by in ('staff_nurse', 'staff_other', 'peer_worker') group by 1
), counted as (
  select c.service_date as day, c.indicator as code, c.value from scs_dailycount c
  where c.site_id = %(site)s and c.service_date >= %(since)s and c.category = 'ALL'
    and c.indicator in ('arrivals', 'visits', 'left_no_consume', 'consumptions', 'turned_away',
      'overdose_events', 'ems_calls', 'naloxone_doses_staff')
), settled as (
  select service_date as day from scs_countedday
  where site_id = %(site)s and service_date >= %(since)s
    and not exists (
      select 1 from scs_dirtymark m
      where m.site_id = %(site)s and m.service_date = scs_countedday.service_date
    )
)
select side.day, side.code, side.n, side.value
from (
  select day, code, coalesce(a.n, 0) as n, coalesce(c.value, 0) as value
  from again a full join counted c using (day, code)
) side
where side.n <> side.value and side.day in (select day from settled)
"""

HASHES = """
select d.service_date, 'sha256', left(d.sha256, 12), left(h.sha256, 12)
from scs_countedday d
left join lateral (
  select encode(sha256(convert_to(string_agg(
    c.indicator || ',' || c.category || ',' || coalesce(trim_scale(c.value)::text, ''),
    E'\\n' order by c.indicator collate "C", c.category collate "C"), 'UTF8')), 'hex') as sha256
  from scs_dailycount c where c.site_id = d.site_id and c.service_date = d.service_date
) h on true
where d.site_id = %(site)s and d.service_date >= %(since)s and d.sha256 is distinct from h.sha256
"""

# What is asked of counts alone, without the facts.
OF_COUNTS = {"hashes"}
CHECKS = {"doses": DOSES, "people": PEOPLE, "counts": COUNTS, "hashes": HASHES}


def ledger_faults(site: Site, check: str, since: date) -> Iterator[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(CHECKS[check], {"site": site.pk, "since": since})
        for day, what, expected, found in cursor.fetchall():
            if expected != found:
                yield Fault(check, day.isoformat() if day else "", what, _plain(expected), _plain(found))


def _plain(value: object) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
