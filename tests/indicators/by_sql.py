"""A second count of any period, in SQL of its own over rows and instants: no service date, no registry.

Service days are worked out from the instant, the zone and the cut-over; events from their steps and doses.
"""

from datetime import date
from decimal import Decimal

from django.db import connection

from sites.places.models import Site

SINGLE = """
with zone as (select %(zone)s::text as name, %(cutover)s::interval as cut),
v as (
  select v.*, (v.arrived_at at time zone zone.name) as wall,
    ((v.arrived_at at time zone zone.name) - zone.cut)::date as day
  from scs_visit v, zone where v.site_id = %(site)s
),
visits as (select * from v where day between %(first)s and %(last)s),
served as (
  select visits.*, extract(hour from wall)::int as hour from visits
  where exists (select 1 from scs_boothstay s where s.visit_id = visits.id)
     or exists (select 1 from scs_consumption c where c.visit_id = visits.id)
),
used as (
  select c.* from scs_consumption c, zone
  where c.site_id = %(site)s
    and ((c.at at time zone zone.name) - zone.cut)::date between %(first)s and %(last)s
),
waits as (
  select floor(extract(epoch from (
      select min(lower(s.during)) from scs_boothstay s where s.visit_id = visits.id
    ) - visits.arrived_at) / 60) as minutes from visits
  where exists (select 1 from scs_boothstay s where s.visit_id = visits.id)
),
e as (
  select e.*, ((e.opened_at at time zone zone.name) - zone.cut)::date as day,
    (select count(*) from scs_naloxonedose d where d.event_id = e.id) as any_doses,
    (select count(*) from scs_naloxonedose d where d.event_id = e.id
       and d.given_by in ('staff_nurse', 'staff_other', 'peer_worker')) as our_doses,
    (select coalesce(sum(d.dose_mg), 0) from scs_naloxonedose d where d.event_id = e.id
       and d.given_by in ('staff_nurse', 'staff_other', 'peer_worker')) as our_mg,
    exists (select 1 from scs_responsestep s where s.event_id = e.id
       and s.step in ('oxygen_start', 'rescue_breaths', 'bvm')) as air,
    exists (select 1 from scs_responsestep s where s.event_id = e.id
       and s.step in ('stimulation', 'airway', 'oxygen_start', 'rescue_breaths', 'bvm')) as care,
    (select count(*) from scs_responsestep s where s.event_id = e.id
       and s.step = 'call_911' and s.choice = 'called') as calls,
    exists (select 1 from scs_responsestep s where s.event_id = e.id and s.step = 'ems_arrival') as came,
    e.location in ('entrance', 'perimeter', 'outreach') as street,
    e.presentation in ('opioid_resp_depression', 'sedative_prolonged', 'mixed', 'alcohol', 'ghb',
      'unknown_drug') as overdose
  from scs_overdoseevent e, zone where e.site_id = %(site)s
),
events as (select * from e where day between %(first)s and %(last)s)
select
  (select count(*) from visits) as arrivals,
  (select count(*) from served) as visits,
  (select count(*) from served where hour between 7 and 11) as "visits/07_11",
  (select count(*) from served where hour between 12 and 16) as "visits/12_16",
  (select count(*) from served where hour between 17 and 21) as "visits/17_21",
  (select count(*) from served where hour >= 22 or hour <= 2) as "visits/22_02",
  (select count(*) from served where hour between 3 and 6) as "visits/03_06",
  (select count(*) from served where route = 'inj_iv') as "visits/inj_iv",
  (select count(*) from visits where state = 'left') as left_no_consume,
  (select count(*) from served where not handle_given) as unlinked_visits,
  (select coalesce(sum(t.count), 0) from scs_turnaway t, zone where t.site_id = %(site)s
     and ((t.at at time zone zone.name) - zone.cut)::date between %(first)s and %(last)s) as turned_away,
  (select count(*) from used) as consumptions,
  (select count(*) from used where 'fentanyl' = any(substances) or 'heroin' = any(substances)
     or 'hydromorphone' = any(substances) or 'morphine' = any(substances) or 'nitazene' = any(substances))
     as "consumptions/opioid",
  (select coalesce(sum(floor(extract(epoch from upper(s.during) - lower(s.during)) / 60)), 0)
     from scs_boothstay s join visits on visits.id = s.visit_id where upper(s.during) is not null)
     as booth_minutes_used,
  (select count(*) from visits where ref in (
     select visit_ref from scs_overdoseevent where site_id = %(site)s)) as visits_with_emergency,
  (select count(*) from events where overdose and not street) as overdose_events,
  (select count(*) from events where overdose and not street and presentation = 'mixed')
     as "overdose_events/mixed",
  (select count(*) from events where street) as overdose_outside,
  (select count(*) from events where overdose and air and any_doses = 0) as od_oxygen_only,
  (select count(*) from events where overdose and our_doses > 0) as od_naloxone_staff,
  (select count(*) from events where overdose and any_doses > 1) as od_multi_dose,
  (select coalesce(sum(our_doses), 0) from events) as naloxone_doses_staff,
  (select coalesce(sum(our_mg), 0) from events) as naloxone_mg_staff,
  (select count(*) from events where presentation = 'stimulant_toxicity') as stimulant_emergencies,
  (select count(*) from events where presentation <> '' and not overdose
     and presentation <> 'stimulant_toxicity') as nonod_emergencies,
  (select coalesce(sum(calls + (calls = 0 and ems_called = 'yes')::int), 0) from events) as ems_calls,
  (select count(*) from events where came) as ems_arrivals,
  (select count(*) from events where outcome = 'transport') as transports,
  (select count(*) from events where outcome = 'death_site') as deaths_onsite,
  (select count(*) from events where overdose and (care or our_doses > 0)
     and outcome in ('recov', 'recov_decl_ems', 'ems_on_site', 'transport', 'transfer_int')) as reversals,
  (select percentile_cont(0.5) within group (order by minutes)::numeric from waits) as median_wait_min,
  (select percentile_disc(0.9) within group (order by minutes)::numeric from waits) as p90_wait_min
"""


def by_sql(site: Site, first: date, last: date) -> dict[str, Decimal | int | None]:
    """ "code" or "code/category" → what the rows say of the period, both ends included."""
    with connection.cursor() as cursor:
        cursor.execute(
            SINGLE,
            {
                "site": site.pk, "zone": site.zone, "cutover": site.cutover.isoformat(), "first": first,
                "last": last,
            },
        )  # fmt: skip
        return dict(zip([c.name for c in cursor.description], cursor.fetchone(), strict=True))
