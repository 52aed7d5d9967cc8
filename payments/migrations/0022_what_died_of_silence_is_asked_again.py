"""What died of the provider's silence is asked about again.

Apart from the columns that it needs: while a table is changed nobody else may use it, and this reads it whole.
"""

from django.db import migrations

# Of all else a person was to look at it; nobody had to, had the provider answered.
ASK_AGAIN = """
UPDATE {table} SET dead_at = NULL, attempts = 0, rounds = rounds + 1, due_at = now(), lease_until = NULL
 WHERE dead_at IS NOT NULL AND finished_at IS NULL AND left(last_error, 15) = 'GatewayUnknown:'
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0021_when_a_refund_was_last_asked_for")]

    operations = [
        migrations.RunSQL(ASK_AGAIN.format(table="payments_inquiry"), migrations.RunSQL.noop),
        migrations.RunSQL(ASK_AGAIN.format(table="payments_providerevent"), migrations.RunSQL.noop),
    ]
