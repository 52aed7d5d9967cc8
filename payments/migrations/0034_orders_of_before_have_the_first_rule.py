"""Orders of before keep the rule of their day: the first one."""

from django.db import migrations

FILL = """
UPDATE payments_order SET refund_rule_id = (
    SELECT id FROM payments_refundrule WHERE starts_at <= payments_order.placed_at ORDER BY starts_at DESC LIMIT 1);
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0033_orders_keep_a_refund_rule")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
