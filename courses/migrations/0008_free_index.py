"""What costs nothing, by popularity, while the site goes on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("courses", "0007_ratings_moved_index")]
    operations = [
        # A build that is cut short leaves an index that is not valid, and its name taken: the next run begins anew.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS course_free", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "course",
            models.Index(
                models.F("learners_count").desc(),
                models.F("id").desc(),
                condition=models.Q(("live_version__isnull", False), ("price_minor", 0)),
                name="course_free",
            ),
        ),
    ]
