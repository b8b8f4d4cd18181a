from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scs", "0047_lasting_texts_are_sealed")]

    operations = [
        migrations.AddField("keycheck", "exported_at", models.DateTimeField(null=True)),
    ]
