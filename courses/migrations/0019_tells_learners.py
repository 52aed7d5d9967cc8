"""Whether learners shall be mailed about a version."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0018_freshness"),
    ]

    operations = [
        migrations.AddField(
            model_name="version",
            name="tells_learners",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
