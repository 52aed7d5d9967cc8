from django.db import migrations, models

STAFF_HOLD_A_ROLE = """
UPDATE accounts_user SET is_staff = TRUE
WHERE is_active AND EXISTS (
    SELECT FROM accounts_rolegrant g WHERE g.user_id = accounts_user.id AND g.revoked_at IS NULL
);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_audit_circumstances"),
    ]

    operations = [
        migrations.AddField(
            model_name="apitoken",
            name="by_second_factor",
            field=models.BooleanField(default=False),
        ),
        migrations.RunSQL(STAFF_HOLD_A_ROLE, migrations.RunSQL.noop),
    ]
