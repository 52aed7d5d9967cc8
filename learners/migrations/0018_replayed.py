"""What a session played more than once. Code of before writes sessions without it: the database says that it is none."""

from django.db import migrations

import learners.fields


class Migration(migrations.Migration):
    dependencies = [("learners", "0017_weeks_kept")]

    operations = [
        migrations.AddField(
            model_name="watchsession",
            name="replayed",
            field=learners.fields.SecondsField(default=tuple),
        ),
        migrations.RunSQL(
            "ALTER TABLE learners_watchsession ALTER COLUMN replayed SET DEFAULT '{}'", migrations.RunSQL.noop
        ),
    ]
