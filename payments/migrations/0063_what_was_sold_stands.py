"""What a paid order and its items say of themselves stands whole, and so does what a refund says.

Beside the amounts of `0019_sale_truth`: by which taxes and rules it was sold, in which book, and who brought the buyer.
Of a refund only its course changes, and only forward: how it ended, when, and its name at the provider. CREATE TRIGGER
keeps writers waiting for a moment, readers not at all.
"""

from django.db import migrations


def changed(*columns: str) -> str:
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"ROW({old}) IS DISTINCT FROM ROW({new})"


def changed_once_set(column: str) -> str:
    return f"(OLD.{column} IS NOT NULL AND {changed(column)})"


ORDER = changed("number", "book", "is_tax_inclusive", "tax_source", "tax_name", "tax_country", "refund_rule_id")
ITEM = changed("order_id", "buyer_id", "course_id", "tax_bps", "referral_code", "bundle_price_id")
REFUND = " OR ".join([
    changed("order_id", "amount_minor", "ends_access", "requested_by_id", "requested_at", "reason", "cause"),
    f"(OLD.state <> 'requested' AND {changed('state')})",
    f"(OLD.origin <> '' AND {changed('origin')})",
    *(changed_once_set(column) for column in ("provider_refund_id", "settled_at", "came_back_at")),
])  # fmt: skip
LINE = f"{changed('refund_id', 'item_id', 'amount_minor', 'ends_access')} OR {changed_once_set('failed_at')}"

SALE_STANDS = f"""
CREATE TRIGGER order_says_stands BEFORE UPDATE ON payments_order FOR EACH ROW WHEN ({ORDER})
    EXECUTE FUNCTION sale_stands();
CREATE TRIGGER order_item_says_stands BEFORE UPDATE ON payments_orderitem FOR EACH ROW WHEN ({ITEM})
    EXECUTE FUNCTION sale_stands();
"""
REFUND_STANDS = """
CREATE TRIGGER {table}_stands BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({what})
    EXECUTE FUNCTION floor_refuse_change();
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION floor_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION floor_refuse_change();
"""
UNDO = (
    "DROP TRIGGER {table}_stands ON {table}; DROP TRIGGER {table}_kept ON {table};"
    "DROP TRIGGER {table}_no_truncate ON {table};"
)


def stands(table: str, what: str) -> migrations.RunSQL:
    return migrations.RunSQL(REFUND_STANDS.format(table=table, what=what), UNDO.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("payments", "0062_refunds_under_way"), ("floor", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            SALE_STANDS,
            "DROP TRIGGER order_says_stands ON payments_order; DROP TRIGGER order_item_says_stands ON payments_orderitem;",
        ),
        stands("payments_refund", REFUND),
        stands("payments_refundline", LINE),
    ]
