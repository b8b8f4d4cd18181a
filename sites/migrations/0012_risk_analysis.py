import django.contrib.postgres.fields
from django.db import migrations, models

ONLY_ADDED = """
create trigger only_added before update or delete on scs_riskanalysis
  for each row execute function scs_only_added();
create trigger never_emptied before truncate on scs_riskanalysis
  for each statement execute function scs_only_added();
"""

NOTHING_ADDED = """
drop trigger only_added on scs_riskanalysis;
drop trigger never_emptied on scs_riskanalysis;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('scs', '0011_response_end'),
    ]

    operations = [
        migrations.CreateModel(
            name='RiskAnalysis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signed_at', models.DateTimeField()),
                ('signed_by', models.CharField(max_length=80)),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('function', models.CharField(max_length=120, verbose_name='fonction')),
                ('plan_versions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                ('individualization', models.TextField(blank=True, max_length=2000, verbose_name='individualisation')),
                ('correlation', models.TextField(blank=True, max_length=2000, verbose_name='corrélation')),
                ('inference', models.TextField(blank=True, max_length=2000, verbose_name='inférence')),
                ('very_low', models.BooleanField()),
                ('next_review', models.DateField()),
                ('body', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
            ],
            options={
                'ordering': ['-signed_at', '-id'],
            },
        ),
        migrations.RunSQL(ONLY_ADDED, NOTHING_ADDED),
    ]
