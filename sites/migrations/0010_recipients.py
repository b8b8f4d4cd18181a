import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Who could pull everything still can, by the same token.
KEEP = """
insert into scs_recipienttoken (recipient_id, digest, made_at, made_by, expires_at, revoked_at, window_uses)
  select id, token_digest, created_at, 'migration', now() + interval '1 year', revoked_at, 0 from scs_recipient;
update scs_recipient set regions = array['ALL'], sites = array['ALL'];
set constraints all immediate;
"""

ONLY_ADDED = """
create trigger never_emptied before truncate on scs_disclosure
  for each statement execute function scs_only_added();
create trigger only_added before update or delete on scs_editionfile
  for each row execute function scs_only_added();
create trigger never_emptied before truncate on scs_editionfile
  for each statement execute function scs_only_added();
create trigger only_added before update or delete on scs_sitepublicity
  for each row execute function scs_only_added();
"""

NOTHING_ADDED = """
drop trigger never_emptied on scs_disclosure;
drop trigger only_added on scs_editionfile;
drop trigger never_emptied on scs_editionfile;
drop trigger only_added on scs_sitepublicity;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('scs', '0009_tablets_and_unlocks'),
    ]

    operations = [
        migrations.CreateModel(
            name='EditionFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition', models.CharField(max_length=20)),
                ('release_date', models.DateField()),
                ('part', models.PositiveSmallIntegerField(default=1)),
                ('published_at', models.DateTimeField()),
                ('name', models.CharField(max_length=60)),
                ('sha256', models.CharField(max_length=64)),
                ('body', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='RecipientToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.CharField(max_length=80)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('window_began_at', models.DateTimeField(blank=True, null=True)),
                ('window_uses', models.PositiveIntegerField(default=0)),
            ],
            options={
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SitePublicity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public', models.BooleanField()),
                ('from_day', models.DateField()),
                ('said_at', models.DateTimeField()),
                ('said_by', models.CharField(max_length=80)),
            ],
            options={
                'ordering': ['from_day', 'id'],
            },
        ),
        migrations.AlterModelOptions(
            name='disclosure',
            options={'ordering': ['-at', '-id']},
        ),
        migrations.AlterModelOptions(
            name='recipient',
            options={'ordering': ['revoked_at', 'name', 'id']},
        ),
        migrations.AddField(
            model_name='disclosure',
            name='basis',
            field=models.CharField(default='', max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='disclosure',
            name='by',
            field=models.CharField(default='', max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='disclosure',
            name='purpose',
            field=models.CharField(default='', max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='disclosure',
            name='recipient_ref',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='disclosure',
            name='way',
            field=models.CharField(choices=[('pull', 'tiré par jeton'), ('page', 'téléchargé à la page'), ('push', 'poussé à une adresse')], default='pull', max_length=8),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='disclosure',
            name='why',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='recipient',
            name='basis',
            field=models.CharField(default='', max_length=200, verbose_name='fondement'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='recipient',
            name='contact',
            field=models.CharField(blank=True, max_length=200, verbose_name='personne à joindre'),
        ),
        migrations.AddField(
            model_name='recipient',
            name='formats',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='recipient',
            name='kind',
            field=models.CharField(choices=[('public_health', 'santé publique'), ('funder', 'bailleur de fonds'), ('public', 'le public')], default='public_health', max_length=20, verbose_name='genre'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='recipient',
            name='regions',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='recipient',
            name='schedule',
            field=models.CharField(choices=[('daily', 'chaque publication'), ('weekly', 'chaque semaine'), ('monthly', 'chaque mois'), ('quarterly', 'chaque trimestre'), ('on_request', 'sur demande')], default='daily', max_length=12, verbose_name='rythme'),
        ),
        migrations.AddField(
            model_name='recipient',
            name='sites',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None),
        ),
        migrations.AddIndex(
            model_name='disclosure',
            index=models.Index(fields=['-at'], name='disclosure_newest'),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'public')), fields=('kind',), name='one_public'),
        ),
        migrations.AddConstraint(
            model_name='editionfile',
            constraint=models.UniqueConstraint(fields=('edition', 'release_date', 'part', 'name'), name='one_file_an_edition'),
        ),
        migrations.AddField(
            model_name='recipienttoken',
            name='recipient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='scs.recipient'),
        ),
        migrations.AddField(
            model_name='sitepublicity',
            name='site',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scs.site'),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name='recipient',
            name='token_digest',
        ),
        migrations.RunSQL(ONLY_ADDED, NOTHING_ADDED),
    ]
