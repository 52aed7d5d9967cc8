"""Orders that somebody must look at have their index, built while orders are placed."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("payments", "0055_exchanged_disputes")]
    operations = [
        # There already, and not valid, where a build was cut short.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS order_flagged", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "order",
            models.Index(condition=models.Q(("flagged_at__isnull", False)), fields=["id"], name="order_flagged"),
        ),
    ]
