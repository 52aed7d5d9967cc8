"""Two steps of a sale as functions: PostgreSQL keeps their plans, which cost as much to make as to carry out."""

from django.db import migrations

SOLD = """
-- What an order sells: [item, course, its seller's user, promotion, [[kind, owner, amount] of each share]] of each item.
CREATE FUNCTION order_sold(of_order bigint) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT json_agg(json_build_array(i.id, i.course_id, c.user_id, i.promotion_minor, (
                   SELECT json_agg(json_build_array(s.kind, s.owner_id, s.amount_minor) ORDER BY s.id)
                     FROM payments_itemshare s WHERE s.item_id = i.id)) ORDER BY i.id)
          FROM payments_orderitem i JOIN creators_creator c ON c.id = i.creator_id
         WHERE i.order_id = of_order);
END $$;
"""

PAID = """
CREATE FUNCTION order_mark_paid(
    paid bigint, of_buyer bigint, by_charge text, at timestamptz, held_until timestamptz, granted bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE payments_orderitem
       SET hold_until = held_until, granted_at = CASE WHEN id = ANY(granted) THEN at ELSE granted_at END
     WHERE order_id = paid;
    DELETE FROM payments_cartitem
     WHERE owner_id = of_buyer AND course_id IN (SELECT course_id FROM payments_orderitem WHERE order_id = paid);
    INSERT INTO payments_aftersale (order_id, attempts, rounds, due_at, last_error) VALUES (paid, 0, 0, now(), '');
    UPDATE payments_order SET state = 'paid', charge_id = by_charge, paid_at = at, closed_at = NULL WHERE id = paid;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0039_promoter_stops")]
    operations = [
        migrations.RunSQL(SOLD, "DROP FUNCTION order_sold(bigint)"),
        migrations.RunSQL(
            PAID, "DROP FUNCTION order_mark_paid(bigint, bigint, text, timestamptz, timestamptz, bigint[])"
        ),
    ]
