"""A name that is asked for as it is written is found by an index, however many names share a word with it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("discovery", "0007_tiers")]
    operations = [
        # Not valid, where a build was cut short.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS name_exact", migrations.RunSQL.noop),
        AddIndexConcurrently("name", models.Index(Lower("name"), name="name_exact")),
    ]
