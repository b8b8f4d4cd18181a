from django.db import migrations, models

ONLY_ADDED = """
create trigger only_added before update or delete on scs_trailanchor
  for each row execute function scs_only_added();
create trigger never_emptied before truncate on scs_trailanchor
  for each statement execute function scs_only_added();
"""
NOTHING_ADDED = """
drop trigger only_added on scs_trailanchor;
drop trigger never_emptied on scs_trailanchor;
"""


class Migration(migrations.Migration):
    dependencies = [("scs", "0045_step_choices")]

    operations = [
        migrations.CreateModel(
            name="TrailAnchor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("day", models.DateField()),
                ("position", models.BigIntegerField(unique=True)),
                ("rows", models.PositiveIntegerField()),
                ("code", models.BinaryField(max_length=32)),
                ("signature", models.BinaryField(max_length=64)),
            ],
        ),
        migrations.RunSQL(ONLY_ADDED, NOTHING_ADDED),
    ]
