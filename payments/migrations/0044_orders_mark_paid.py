"""Many orders are marked paid in one statement; what a sale's functions plan, they plan once a connection.

Otherwise PostgreSQL plans each statement in them anew for the very arrays that it is called with, which costs as much as
carrying it out and finds the same way: by index (0041).
`order_mark_paid`, of one order, stays for the version before this one.
"""

from django.db import migrations

PAID = """
CREATE FUNCTION orders_mark_paid(
    paid bigint[], buyers bigint[], charges text[], paid_times timestamptz[], hold_ends timestamptz[], granted bigint[]
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
       SET state = 'paid', charge_id = sale.charge, paid_at = sale.paid_time, closed_at = NULL
      FROM unnest(paid, charges, paid_times) AS sale (id, charge, paid_time)
     WHERE sold.id = sale.id;
END $$;
"""
NAMED = "orders_mark_paid(bigint[], bigint[], text[], timestamptz[], timestamptz[], bigint[])"
BY_INDEX = "".join(f"ALTER FUNCTION {NAMED} SET enable_{way} = off;" for way in ("seqscan", "hashjoin", "mergejoin"))
FUNCTIONS = (NAMED, "ledger_post(jsonb, timestamptz)", "order_sold(bigint)")
ONCE = "".join(f"ALTER FUNCTION {function} SET plan_cache_mode = force_generic_plan;" for function in FUNCTIONS)
ANEW = "".join(f"ALTER FUNCTION {function} RESET plan_cache_mode;" for function in FUNCTIONS)


class Migration(migrations.Migration):
    dependencies = [("payments", "0043_refund_cause_rules")]
    operations = [
        migrations.RunSQL(PAID + BY_INDEX, f"DROP FUNCTION {NAMED}"),
        migrations.RunSQL(ONCE, ANEW),
    ]
