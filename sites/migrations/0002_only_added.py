from django.db import migrations

ONLY_ADDED = """
create function scs_only_added() returns trigger language plpgsql as $$
begin
  raise exception '% is only added to: % refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end $$;

create trigger only_added before update or delete on scs_trailentry
  for each row execute function scs_only_added();
create trigger never_emptied before truncate on scs_trailentry
  for each statement execute function scs_only_added();

create trigger only_added before update or delete on scs_ledgercell
  for each row execute function scs_only_added();
create trigger never_emptied before truncate on scs_ledgercell
  for each statement execute function scs_only_added();

create trigger only_added before update on scs_stockmovement
  for each row execute function scs_only_added();

-- A record that became a fact never changes again; one that waits for a person may.
create trigger fact_stays before update on scs_record
  for each row when (old.status = 'created') execute function scs_only_added();
"""

NOTHING_ADDED = """
drop trigger only_added on scs_trailentry;
drop trigger never_emptied on scs_trailentry;
drop trigger only_added on scs_ledgercell;
drop trigger never_emptied on scs_ledgercell;
drop trigger only_added on scs_stockmovement;
drop trigger fact_stays on scs_record;
drop function scs_only_added();
"""

CACHE = """
create table scs_cache (cache_key varchar(255) primary key, value text not null, expires timestamptz not null);
create index scs_cache_expires on scs_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("scs", "0001_first")]

    operations = [
        migrations.RunSQL(ONLY_ADDED, NOTHING_ADDED),
        migrations.RunSQL(CACHE, "drop table scs_cache"),
    ]
