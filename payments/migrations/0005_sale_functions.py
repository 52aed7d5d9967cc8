"""Two steps of a sale as functions: PostgreSQL keeps their plans, which cost as much to make as to carry out.

They find what they need by index, as the ledger's function does (0002_ledger). Many orders are marked paid in one
statement.
"""

from django.db import migrations

SOLD = """
-- What an order sells: [item, course, its seller's user, promotion, [[kind, owner, amount] of each share]] of each item.
-- A tip names no course: it gives no right to one.
CREATE FUNCTION order_sold(of_order bigint) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT json_agg(json_build_array(i.id, CASE WHEN i.is_tip THEN NULL ELSE i.course_id END, c.user_id,
                   i.promotion_minor, (
                   SELECT json_agg(json_build_array(s.kind, s.owner_id, s.amount_minor) ORDER BY s.id)
                     FROM payments_itemshare s WHERE s.item_id = i.id)) ORDER BY i.id)
          FROM payments_orderitem i JOIN creators_creator c ON c.id = i.creator_id
         WHERE i.order_id = of_order);
END $$;
"""
PAID = """
CREATE FUNCTION orders_mark_paid(
    paid bigint[], buyers bigint[], charges text[], paid_times timestamptz[], hold_ends timestamptz[], methods text[],
    granted bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE payments_orderitem AS item
       SET hold_until = sale.hold_end,
           granted_at = CASE WHEN item.id = ANY(granted) THEN sale.paid_time ELSE item.granted_at END
      FROM unnest(paid, paid_times, hold_ends) AS sale (id, paid_time, hold_end)
     WHERE item.order_id = sale.id;
    -- In their order: two buyers' carts must not be emptied crosswise.
    DELETE FROM payments_cartitem WHERE id IN (
        SELECT cart.id
          FROM unnest(paid, buyers) AS sale (id, buyer)
          JOIN payments_orderitem item ON item.order_id = sale.id
          JOIN payments_cartitem cart ON cart.owner_id = sale.buyer AND cart.course_id = item.course_id
         ORDER BY cart.id FOR UPDATE OF cart);
    INSERT INTO payments_aftersale (order_id, attempts, rounds, due_at, last_error)
    SELECT id, 0, 0, now(), '' FROM unnest(paid) AS sale (id);
    UPDATE payments_order AS sold
       SET state = 'paid', charge_id = sale.charge, paid_at = sale.paid_time, paid_with = sale.method, closed_at = NULL
      FROM unnest(paid, charges, paid_times, methods) AS sale (id, charge, paid_time, method)
     WHERE sold.id = sale.id;
END $$;
"""
FUNCTIONS = (
    "order_sold(bigint)",
    "orders_mark_paid(bigint[], bigint[], text[], timestamptz[], timestamptz[], text[], bigint[])",
)
SETTINGS = (
    "enable_seqscan = off",
    "enable_hashjoin = off",
    "enable_mergejoin = off",
    "plan_cache_mode = force_generic_plan",
)


class Migration(migrations.Migration):
    replaces = [("payments", "0040_sale_functions")]
    dependencies = [
        ("payments", "0004_sales"),
    ]
    operations = [
        migrations.RunSQL(SOLD + PAID, "".join(f"DROP FUNCTION {function};" for function in FUNCTIONS)),
        migrations.RunSQL(
            "".join(f"ALTER FUNCTION {function} SET {setting};" for function in FUNCTIONS for setting in SETTINGS),
            migrations.RunSQL.noop,
        ),
    ]
