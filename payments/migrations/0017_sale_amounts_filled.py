"""What orders of the time before discounts, tax and co-authors are in the new amounts; pending is not cached any more."""

from django.db import migrations

AMOUNTS = """
UPDATE payments_order SET subtotal_minor = total_minor;
UPDATE payments_orderitem i
   SET list_minor = price_minor, net_minor = price_minor,
       refund_asked_minor = coalesce(
           (SELECT sum(l.amount_minor) FROM payments_refundline l WHERE l.item_id = i.id AND l.failed_at IS NULL), 0),
       refunded_minor = coalesce(
           (SELECT sum(l.amount_minor) FROM payments_refundline l JOIN payments_refund r ON r.id = l.refund_id
             WHERE l.item_id = i.id AND l.failed_at IS NULL AND r.state = 'done'), 0);
"""

SHARES = """
INSERT INTO payments_itemshare (item_id, kind, owner_id, amount_minor, bps)
SELECT i.id, s.kind, s.owner_id, s.amount_minor, s.bps
  FROM payments_orderitem i
  JOIN payments_revenuerule r ON r.id = i.rule_id
 CROSS JOIN LATERAL (VALUES (1, 'platform', NULL::bigint, i.platform_minor, r.platform_bps),
                            (2, 'creator', i.creator_id, i.creator_minor, 10000))
       AS s (place, kind, owner_id, amount_minor, bps)
 ORDER BY i.id, s.place;
-- Until now every refund gave whole items back.
INSERT INTO payments_refundshare (line_id, kind, owner_id, share_id, amount_minor)
SELECT l.id, s.kind, s.owner_id, s.id, s.amount_minor
  FROM payments_refundline l JOIN payments_itemshare s ON s.item_id = l.item_id
 WHERE s.amount_minor > 0 ORDER BY l.id, s.id;
UPDATE payments_payoutitem p SET share_id = s.id
  FROM payments_itemshare s WHERE s.item_id = p.order_item_id AND s.kind = 'creator';
"""

PENDING = """
ALTER TABLE payments_ledgeraccount DISABLE TRIGGER payments_ledgeraccount_append_only;
UPDATE payments_ledgeraccount SET cached = false
 WHERE kind IN ('creator_pending', 'affiliate_pending', 'affiliate_available');
ALTER TABLE payments_ledgeraccount ENABLE TRIGGER payments_ledgeraccount_append_only;
DELETE FROM payments_ledgerbalance b USING payments_ledgeraccount a WHERE a.id = b.account_id AND NOT a.cached;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0016_sale_amounts")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (PENDING, AMOUNTS, SHARES)]
