"""An order keeps by what it was paid; the function that marks orders paid takes it along.

The one of before, with six arguments, stays for the version before this one.
"""

from django.db import migrations, models

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
NAMED = "orders_mark_paid(bigint[], bigint[], text[], timestamptz[], timestamptz[], text[], bigint[])"
BY_INDEX = "".join(f"ALTER FUNCTION {NAMED} SET enable_{way} = off;" for way in ("seqscan", "hashjoin", "mergejoin"))
ONCE = f"ALTER FUNCTION {NAMED} SET plan_cache_mode = force_generic_plan;"


class Migration(migrations.Migration):
    dependencies = [("payments", "0046_course_escrow")]
    operations = [
        migrations.AddField(
            model_name="order",
            name="paid_with",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.RunSQL(PAID + BY_INDEX + ONCE, f"DROP FUNCTION {NAMED}"),
    ]
