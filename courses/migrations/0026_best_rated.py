"""The list of the best rated has its index, built while courses are read and written."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("courses", "0025_ratings")]
    operations = [
        # There already, where 0025 made it, and not valid, where a build was cut short.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS course_best_rated", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "course",
            models.Index(
                models.OrderBy(models.F("rating_low"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("live_version__isnull", False)),
                name="course_best_rated",
            ),
        ),
    ]
