"""Refunds of everybody of before name their decision too, so that an appeal against one makes its sellers whole."""

from django.db import migrations

NAME_THEM = """
UPDATE payments_refund r SET origin = 'measure:' || m.id
  FROM moderation_refundwave w JOIN moderation_measure m ON m.id = w.measure_id
 WHERE r.origin = '' AND r.cause = 'rules' AND r.requested_by_id = m.decided_by_id AND r.requested_at >= m.decided_at
   AND r.reason = left(m.reason, 300)
   AND EXISTS (SELECT 1 FROM payments_refundline l JOIN payments_orderitem i ON i.id = l.item_id
                WHERE l.refund_id = r.id AND i.course_id = w.course_id)
"""


class Migration(migrations.Migration):
    dependencies = [("moderation", "0021_persons"), ("payments", "0048_making_good")]
    operations = [migrations.RunSQL(NAME_THEM, migrations.RunSQL.noop)]
