from django.db import migrations

ONLY_ADDED = """
create trigger only_added before update or delete on scs_planline
  for each row execute function scs_only_added();
create trigger only_added before update or delete on scs_sealedcount
  for each row execute function scs_only_added();
create trigger only_added before update or delete on scs_disclosure
  for each row execute function scs_only_added();
create trigger only_added before update or delete on scs_releasefile
  for each row execute function scs_only_added();
create trigger never_emptied before truncate on scs_releasefile
  for each statement execute function scs_only_added();
"""

NOTHING_ADDED = """
drop trigger only_added on scs_planline;
drop trigger only_added on scs_sealedcount;
drop trigger only_added on scs_disclosure;
drop trigger only_added on scs_releasefile;
drop trigger never_emptied on scs_releasefile;
"""


class Migration(migrations.Migration):
    dependencies = [("scs", "0005_release_files")]

    operations = [migrations.RunSQL(ONLY_ADDED, NOTHING_ADDED)]
