from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("scs", "0042_client_alerts"),
    ]

    operations = [
        migrations.AddField(
            model_name="staff",
            name="told_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
