from django.db import migrations, models

# Domain: a peer's help to prepare or to inject, and why (code list HELP).
HELP = [
    ("none", "Aucune", "None", False),
    ("peer_physical", "Un pair : limite physique", "A peer: physical limitation", True),
    ("peer_knowledge", "Un pair : ne sait pas comment", "A peer: lack of knowledge", True),
    ("peer_other", "Un pair : autre raison", "A peer: other reason", True),
]


def add_help(apps, schema_editor):
    CodeValue = apps.get_model("scs", "CodeValue")
    CodeValue.objects.bulk_create(
        CodeValue(list="help", code=code, label_fr=fr, label_en=en, common=common, position=position)
        for position, (code, fr, en, common) in enumerate(HELP)
    )


def remove_help(apps, schema_editor):
    apps.get_model("scs", "CodeValue").objects.filter(list="help").delete()


class Migration(migrations.Migration):
    dependencies = [("scs", "0014_authorship")]

    operations = [
        migrations.AddField(
            "site",
            "agreement_version",
            models.CharField(blank=True, default="1", max_length=20, verbose_name="version de l’entente"),
        ),
        migrations.RunPython(add_help, remove_help),
    ]
