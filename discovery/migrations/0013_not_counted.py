"""Entries that the vocabulary does not count, which are few, while the site goes on."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("discovery", "0012_said_by_the_first")]
    operations = [
        # A build that is cut short leaves an index that is not valid, and its name taken: the next run begins anew.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS entry_not_counted", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "entry",
            models.Index(fields=["course"], condition=models.Q(("is_counted", False)), name="entry_not_counted"),
        ),
    ]
