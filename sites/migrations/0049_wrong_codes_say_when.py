import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scs', '0048_marks_say_since_when'),
    ]

    operations = [
        migrations.AddField(
            model_name='wrongpin',
            name='last_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now),
        ),
    ]
