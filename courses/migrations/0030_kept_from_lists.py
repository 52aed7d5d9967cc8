"""Courses that moderators keep from lists have an index, so that a search need not ask each of its hits."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("courses", "0029_named_prices")]
    operations = [
        # Not valid, where a build was cut short.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS course_kept_from_lists", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "course",
            models.Index(
                "id",
                condition=Q(("live_version__isnull", False), Q(is_taken_down=True) | Q(is_limited=True)),
                name="course_kept_from_lists",
            ),
        ),
    ]
