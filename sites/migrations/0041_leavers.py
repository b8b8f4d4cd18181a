from django.db import migrations, models

# Accounts closed before this: nothing by which they came in stays, and their period begins today.
CLOSED = """
update scs_pin set pin = '', once = '', once_until = null
  where staff_id in (select id from scs_staff where not is_active);
delete from mfa_authenticator where user_id in (select id from scs_staff where not is_active);
update scs_staff set left_on = current_date, last_login = null, password = '!' where not is_active;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("mfa", "0003_authenticator_type_uniq"),
        ("scs", "0040_erasure_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="staff",
            name="left_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.RunSQL(CLOSED, migrations.RunSQL.noop),
    ]
