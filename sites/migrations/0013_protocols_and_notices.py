import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

ONLY_ADDED = """
create trigger only_added before update or delete on scs_protocol
  for each row execute function scs_only_added();
create trigger only_added before update or delete on scs_authoritynotice
  for each row execute function scs_only_added();
"""
NOTHING_ADDED = """
drop trigger only_added on scs_protocol;
drop trigger only_added on scs_authoritynotice;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('scs', '0012_risk_analysis'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='product',
            name='next_dose_s',
        ),
        migrations.AddField(
            model_name='site',
            name='death_notice_hours',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='délai pour déclarer un décès aux autorités (heures)'),
        ),
        migrations.CreateModel(
            name='AuthorityNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_ref', models.UUIDField()),
                ('told_at', models.DateTimeField()),
                ('told_by', models.CharField(max_length=40)),
                ('reference', models.CharField(blank=True, max_length=60)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'event_ref'), name='one_notice_a_death')],
            },
        ),
        migrations.CreateModel(
            name='Protocol',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(help_text='Le numéro que porte le document, comme 2.', max_length=12, validators=[django.core.validators.RegexValidator('^[0-9A-Za-z][0-9A-Za-z.-]*\\Z', 'Un numéro, comme 2 ou 2.1.')], verbose_name='version')),
                ('valid_from', models.DateField(verbose_name='en vigueur dès le')),
                ('director', models.CharField(help_text='Le nom ou la fonction, comme elle sera lue sur les tablettes.', max_length=120, verbose_name='médecin responsable')),
                ('goal_fr', models.CharField(blank=True, help_text='Une phrase courte, comme « Le but : respirer, pas s’éveiller. »', max_length=80, verbose_name='le but, en français')),
                ('goal_en', models.CharField(blank=True, max_length=80, verbose_name='le but, en anglais')),
                ('text_fr', models.TextField(max_length=10000, verbose_name='texte du protocole, en français')),
                ('text_en', models.TextField(blank=True, max_length=10000, verbose_name='texte du protocole, en anglais')),
                ('intervals', models.JSONField(default=dict)),
                ('breath_s', models.PositiveSmallIntegerField(blank=True, help_text='Vide : le rythme n’est pas offert.', null=True, verbose_name='une insufflation aux (secondes)')),
                ('entered_at', models.DateTimeField()),
                ('entered_by', models.CharField(max_length=40)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'version'), name='one_protocol_a_version')],
            },
        ),
        migrations.RunSQL(ONLY_ADDED, NOTHING_ADDED),
    ]
