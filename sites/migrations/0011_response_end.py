from django.db import migrations, models


def add_step(apps, schema_editor):
    CodeValue = apps.get_model("scs", "CodeValue")
    CodeValue.objects.create(
        list="step",
        code="response_end",
        label_fr="Intervention terminée",
        label_en="Response over",
        group="care",
        common=True,
        position=CodeValue.objects.filter(list="step").count(),
    )


def remove_step(apps, schema_editor):
    apps.get_model("scs", "CodeValue").objects.filter(list="step", code="response_end").delete()


class Migration(migrations.Migration):
    dependencies = [("scs", "0010_recipients")]

    operations = [
        migrations.AddField("overdoseevent", "ended_at", models.DateTimeField(null=True)),
        # Events of before ended when they were closed.
        migrations.RunSQL(
            "alter table scs_overdoseevent no force row level security;"
            "update scs_overdoseevent set ended_at = closed_at;",
            migrations.RunSQL.noop,
        ),
        migrations.RunPython(add_step, remove_step),
    ]
