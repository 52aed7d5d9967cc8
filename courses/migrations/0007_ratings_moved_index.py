"""The index of it, while the site goes on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("courses", "0006_ratings_moved")]
    operations = [
        # A build that is cut short leaves an index that is not valid, and its name taken: the next run begins anew.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS course_rating_moved", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "course",
            models.Index(
                models.F("rating_moved_at"),
                condition=models.Q(("rating_moved_at__isnull", False)),
                name="course_rating_moved",
            ),
        ),
    ]
