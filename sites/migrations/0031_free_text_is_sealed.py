import json

from django.db import migrations

import sites.keyring.fields
from harmreduction.pg.scope import acting
from sites.keyring.fields import closed, opened
from sites.keyring.words import seal, unseal
from sites.places.models import Site

# As they were when this was written.
FREE_TEXT = {"notes", "text", "description", "reference", "place", "storage", "handed_to"}
CHANGES = {"record.corrected", "record.voided"}
COLUMNS = [("scs_remark", "text"), ("scs_leftbehind", "place"), ("scs_leftbehind", "storage")]
READ = "select id, kind, data from scs_record where site_id = %s and (kind = any(%s) or data::text ~ %s)"


def close_all(apps, schema_editor):
    def data(site, kind, content):
        names = FREE_TEXT | {"reason"} if kind in CHANGES else FREE_TEXT
        return closed(content, lambda name, text: name in names, site)

    _rewrite(apps, schema_editor, seal, data)


def open_all(apps, schema_editor):
    _rewrite(apps, schema_editor, lambda site, words: unseal(words), lambda site, kind, content: opened(content))


def _rewrite(apps, schema_editor, words, data):
    """Every text of every site anew. What it was stays in dead rows until the tables are rewritten."""
    named = apps.get_model("scs", "Site").objects.values_list("pk", "code")
    # Keys are asked for by a site as it is today; nothing but these two may be read of it here.
    sites = [Site(pk=pk, code=code) for pk, code in named]
    with acting(sites=[site.pk for site in sites]), schema_editor.connection.cursor() as cursor:
        cursor.execute("alter table scs_record disable trigger fact_stays")
        for site in sites:
            _records(cursor, site, data)
            for table, column in COLUMNS:
                cursor.execute(f"select id, {column} from {table} where site_id = %s and {column} <> ''", [site.pk])
                rows = [(words(site, text), pk) for pk, text in cursor.fetchall()]
                cursor.executemany(f"update {table} set {column} = %s where id = %s", rows)
        cursor.execute("alter table scs_record enable trigger fact_stays")


def _records(cursor, site, data):
    named = "|".join(f'"{name}":' for name in sorted(FREE_TEXT))
    cursor.execute(READ, [site.pk, sorted(CHANGES), named])
    rows = [(json.dumps(data(site, kind, json.loads(content))), pk) for pk, kind, content in cursor.fetchall()]
    cursor.executemany("update scs_record set data = %s where id = %s", rows)


class Migration(migrations.Migration):
    dependencies = [("scs", "0030_context_events")]

    operations = [
        migrations.AlterField("leftbehind", "place", sites.keyring.fields.SealedText()),
        migrations.AlterField("leftbehind", "storage", sites.keyring.fields.SealedText(blank=True)),
        migrations.AlterField("record", "data", sites.keyring.fields.SealedJSON()),
        migrations.AlterField("remark", "text", sites.keyring.fields.SealedText()),
        migrations.RunPython(close_all, open_all),
    ]
