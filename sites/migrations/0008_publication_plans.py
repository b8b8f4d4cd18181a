import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

# Lines of before say nothing of their parts: they were all whole. The lags are those of the grains.
WHOLE = [{"code": "ALL", "of": ["ALL"], "mean": 0}]
LAGS = """
alter table scs_planline no force row level security;
alter table scs_planline disable trigger only_added;
update scs_planline set lag_days = case
  when indicator like '%\\_late' then 32
  when grain in ('day', 'week') then 2
  when grain = 'month' then 5
  when grain = 'quarter' then 10
  else 15 end;
alter table scs_planline enable trigger only_added;
"""
ONLY_ADDED = """
create trigger only_added before update or delete on scs_stop
  for each row execute function scs_only_added();
create trigger only_added before update or delete on scs_gatelog
  for each row execute function scs_only_added();
create trigger only_added before update or delete on scs_externalfigure
  for each row execute function scs_only_added();
create trigger never_emptied before truncate on scs_sealedcount
  for each statement execute function scs_only_added();
create trigger never_emptied before truncate on scs_planline
  for each statement execute function scs_only_added();
"""
NOTHING_ADDED = """
drop trigger only_added on scs_stop;
drop trigger only_added on scs_gatelog;
drop trigger only_added on scs_externalfigure;
drop trigger never_emptied on scs_sealedcount;
drop trigger never_emptied on scs_planline;
"""


class Migration(migrations.Migration):
    dependencies = [("scs", "0007_room_airing")]

    operations = [
        migrations.AddField("keycheck", "made_at", models.DateTimeField(default=django.utils.timezone.now)),
        migrations.RemoveField("planline", "expected_mean"),
        migrations.AddField(
            "planline", "parts", models.JSONField(default=WHOLE), preserve_default=False
        ),
        migrations.AddField(
            "planline", "lag_days", models.PositiveSmallIntegerField(default=2), preserve_default=False
        ),
        migrations.AddField(
            "planline",
            "basis",
            models.CharField(
                choices=[("typed", "estimation entrée"), ("published", "chiffres publiés")],
                default="typed",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "planline", "made_by", models.CharField(default="plan", max_length=60), preserve_default=False
        ),
        migrations.AddField(
            "planline",
            "made_at",
            models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AlterField("planline", "indicator", models.CharField(max_length=60)),
        migrations.RunSQL(LAGS, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Stop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("plan_version", models.CharField(max_length=20)),
                ("indicator", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scs.site")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["site", "plan_version", "indicator"], name="one_stop_a_plan")
                ]
            },
        ),
        migrations.CreateModel(
            name="GateLog",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("release_date", models.DateField()),
                ("part", models.PositiveSmallIntegerField(default=1)),
                ("cells", models.PositiveIntegerField()),
                ("relations", models.PositiveIntegerField()),
                ("programs", models.PositiveIntegerField()),
                ("narrowest", models.PositiveIntegerField()),
                ("other_neighbour", models.PositiveIntegerField()),
                ("site", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scs.site")),
            ],
            options={"indexes": [models.Index(fields=["release_date", "part"], name="gate_release")]},
        ),
        migrations.CreateModel(
            name="ExternalFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("publisher", models.CharField(max_length=120, verbose_name="qui publie")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="où")),
                ("indicator", models.CharField(max_length=60, verbose_name="indicateur")),
                ("period_start", models.DateField(verbose_name="du")),
                ("period_end", models.DateField(verbose_name="au")),
                (
                    "clock",
                    models.CharField(
                        choices=[("service_day", "jours de service"), ("calendar", "jours de calendrier")],
                        default="calendar",
                        max_length=12,
                        verbose_name="jours",
                    ),
                ),
                ("lower", models.PositiveIntegerField(verbose_name="au moins")),
                ("upper", models.PositiveIntegerField(verbose_name="au plus")),
                ("registered_by", models.CharField(max_length=60)),
                ("registered_at", models.DateTimeField()),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scs.region",
                        verbose_name="région",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scs.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["indicator", "period_end"], name="external_series")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("lower__lte", models.F("upper"))), name="lower_below_upper"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period_start__lte", models.F("period_end"))), name="period_in_its_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("site__isnull", True), ("region__isnull", True), _connector="OR"),
                        name="of_a_site_or_of_a_region",
                    ),
                ],
            },
        ),
        migrations.RunSQL(ONLY_ADDED, NOTHING_ADDED),
    ]
