from django.db import migrations

import sites.keyring.fields
from harmreduction.pg.scope import acting
from sites.keyring.words import seal, unseal
from sites.places.models import Site

# As they were when this was written; only_added refuses any change of an incident.
INCIDENTS = "scs_confidentialityincident"
COLUMNS = [
    (INCIDENTS, column)
    for column in (
        "why", "information", "circumstances", "cause", "occurred_words", "persons_words", "risk",
        "persons_told_how", "public_notice_why", "others_told", "measures", "measures_coming",
    )
] + [("scs_legalhold", "reason"), ("scs_legalhold", "lifted_why")]  # fmt: skip


def close_all(apps, schema_editor):
    _rewrite(apps, schema_editor, lambda site, text: seal(site, text, lasting=True))


def open_all(apps, schema_editor):
    _rewrite(apps, schema_editor, lambda site, text: unseal(text))


def _rewrite(apps, schema_editor, words):
    """Every text anew. What it was stays in dead rows until the tables are rewritten."""
    named = apps.get_model("scs", "Site").objects.values_list("pk", "code")
    # Keys are asked for by a site as it is today; nothing but these two may be read of it here.
    known = {pk: Site(pk=pk, code=code) for pk, code in named} | {None: None}
    with acting(sites=[pk for pk in known if pk]), schema_editor.connection.cursor() as cursor:
        cursor.execute(f"alter table {INCIDENTS} disable trigger only_added")
        for table, column in COLUMNS:
            cursor.execute(f"select id, site_id, {column} from {table} where {column} <> ''")
            rows = [(words(known[at], text), pk) for pk, at, text in cursor.fetchall()]
            cursor.executemany(f"update {table} set {column} = %s where id = %s", rows)
        cursor.execute(f"alter table {INCIDENTS} enable trigger only_added")


class Migration(migrations.Migration):

    dependencies = [
        ('scs', '0046_trail_anchors'),
    ]

    operations = [
        migrations.AlterField(
            model_name='confidentialityincident',
            name='cause',
            field=sites.keyring.fields.LastingText(blank=True, max_length=2000, verbose_name='La cause, si on la connaît'),
        ),
        migrations.AlterField(
            model_name='confidentialityincident',
            name='circumstances',
            field=sites.keyring.fields.LastingText(max_length=2000, verbose_name='2. Ce qui s’est passé'),
        ),
        migrations.AlterField(
            model_name='confidentialityincident',
            name='information',
            field=sites.keyring.fields.LastingText(max_length=2000, verbose_name='1. Les renseignements touchés'),
        ),
        migrations.AlterField(
            model_name='confidentialityincident',
            name='measures',
            field=sites.keyring.fields.LastingText(blank=True, max_length=2000, verbose_name='8. Mesures prises'),
        ),
        migrations.AlterField(
            model_name='confidentialityincident',
            name='measures_coming',
            field=sites.keyring.fields.LastingText(blank=True, max_length=2000, verbose_name='Mesures à prendre, et quand'),
        ),
        migrations.AlterField(
            model_name='confidentialityincident',
            name='occurred_words',
            field=sites.keyring.fields.LastingLine(blank=True, max_length=200, verbose_name='ou à peu près quand'),
        ),
        migrations.AlterField(
            model_name='confidentialityincident',
            name='others_told',
            field=sites.keyring.fields.LastingLine(blank=True, max_length=300, verbose_name='Autres personnes ou organismes avisés pour diminuer le risque'),
        ),
        migrations.AlterField(
            model_name='confidentialityincident',
            name='persons_told_how',
            field=sites.keyring.fields.LastingLine(blank=True, max_length=300, verbose_name='comment, ou pourquoi pas encore'),
        ),
        migrations.AlterField(
            model_name='confidentialityincident',
            name='persons_words',
            field=sites.keyring.fields.LastingLine(blank=True, max_length=200, verbose_name='ou à peu près combien'),
        ),
        migrations.AlterField(
            model_name='confidentialityincident',
            name='public_notice_why',
            field=sites.keyring.fields.LastingLine(blank=True, max_length=300, verbose_name='pourquoi un avis public'),
        ),
        migrations.AlterField(
            model_name='confidentialityincident',
            name='risk',
            field=sites.keyring.fields.LastingText(blank=True, max_length=2000, verbose_name='6. Ce qui fait conclure au risque, ou à son absence'),
        ),
        migrations.AlterField(
            model_name='confidentialityincident',
            name='why',
            field=sites.keyring.fields.LastingLine(blank=True, max_length=300, verbose_name='pourquoi cette modification'),
        ),
        migrations.AlterField(
            model_name='legalhold',
            name='lifted_why',
            field=sites.keyring.fields.LastingLine(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name='legalhold',
            name='reason',
            field=sites.keyring.fields.LastingLine(max_length=200),
        ),
        migrations.RunPython(close_all, open_all),
    ]
