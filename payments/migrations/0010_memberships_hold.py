"""What was agreed of a membership never changes, offers and paid months are a record, and a month is sold without a
course; the rules by which months are shared at first: of a creator's the platform keeps a tenth, of the pass three.
"""

from datetime import UTC, datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from marketplace.lib.append_only import append_only

AGREED = (
    "token", "member_id", "creator_id", "book", "offer_id", "currency", "total_minor", "terms", "refund_rule_id",
    "first_on", "agreed_at",
)  # fmt: skip


def _changed(*columns: str) -> str:
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"ROW({old}) IS DISTINCT FROM ROW({new})"


STANDS = f"""
CREATE TRIGGER membership_stands BEFORE UPDATE ON payments_membership FOR EACH ROW
    WHEN ({_changed(*AGREED)} OR (OLD.state = 'ended' AND NEW.state <> 'ended') OR NEW.last_month < OLD.last_month
          OR NEW.paid_until < OLD.paid_until OR (OLD.started_at IS NOT NULL AND {_changed("started_at")}))
    EXECUTE FUNCTION floor_refuse_change();
CREATE TRIGGER membership_kept BEFORE DELETE ON payments_membership
    FOR EACH ROW EXECUTE FUNCTION floor_refuse_change();
CREATE TRIGGER order_month_stands BEFORE UPDATE ON payments_order FOR EACH ROW
    WHEN ({_changed("membership_id", "month")}) EXECUTE FUNCTION floor_refuse_change();
"""
ALONE = """
CREATE FUNCTION payments_month_is_sold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM payments_order WHERE id = NEW.order_id AND membership_id IS NOT NULL) THEN
        RAISE EXCEPTION 'an item without a course is a month of a membership'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_month_has_no_course';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_month_has_no_course BEFORE INSERT ON payments_orderitem FOR EACH ROW WHEN (NEW.course_id IS NULL)
    EXECUTE FUNCTION payments_month_is_sold();
"""
FALLS = """
DROP TRIGGER membership_stands ON payments_membership;
DROP TRIGGER membership_kept ON payments_membership;
DROP TRIGGER order_month_stands ON payments_order;
"""
FUNCTION = "order_sold(bigint)"
SOLD = """
-- A tip names no course, and a month of a membership has none; one of the whole site has no seller either.
CREATE OR REPLACE FUNCTION order_sold(of_order bigint) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT json_agg(json_build_array(i.id, CASE WHEN i.is_tip THEN NULL ELSE i.course_id END, c.user_id,
                   i.promotion_minor, (
                   SELECT json_agg(json_build_array(s.kind, s.owner_id, s.amount_minor) ORDER BY s.id)
                     FROM payments_itemshare s WHERE s.item_id = i.id)) ORDER BY i.id)
          FROM payments_orderitem i {join} creators_creator c ON c.id = i.creator_id
         WHERE i.order_id = of_order);
END $$;
"""
# A function that is replaced forgets its settings.
SET = "".join(
    f"ALTER FUNCTION {FUNCTION} SET {setting};"
    for setting in (
        "enable_seqscan = off", "enable_hashjoin = off", "enable_mergejoin = off",
        "plan_cache_mode = force_generic_plan",
    )
)  # fmt: skip
SHARES_SUM = """
-- What is in the pool is the creators', before anybody knows whose.
CREATE OR REPLACE FUNCTION item_shares_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked bigint;
    item payments_orderitem%%ROWTYPE;
    platform numeric;
    affiliate numeric;
    creator numeric;
BEGIN
    IF TG_TABLE_NAME = 'payments_orderitem' THEN checked := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN checked := OLD.item_id;
    ELSE checked := NEW.item_id; END IF;
    SELECT * INTO item FROM payments_orderitem WHERE id = checked;
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT coalesce(sum(amount_minor) FILTER (WHERE kind = 'platform'), 0),
           coalesce(sum(amount_minor) FILTER (WHERE kind = 'affiliate'), 0),
           coalesce(sum(amount_minor) FILTER (WHERE kind IN ({creators})), 0)
      INTO platform, affiliate, creator FROM payments_itemshare WHERE item_id = checked;
    IF (platform, affiliate, creator) IS DISTINCT FROM
       (item.platform_minor::numeric, item.affiliate_minor::numeric, item.creator_minor::numeric) THEN
        RAISE EXCEPTION 'the shares of item %% do not sum to what it says', checked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'item_shares_sum';
    END IF;
    RETURN NULL;
END $$;
"""


def _sum(creators: str) -> str:
    return (SHARES_SUM % ()).format(creators=creators)


def introduce(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rules = apps.get_model("payments", "RevenueRule")
    for code, bps in (("membership", 1_000), ("pass", 3_000)):
        rules.objects.get_or_create(code=code, starts_at=datetime(2020, 1, 1, tzinfo=UTC), platform_bps=bps)


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_memberships"), ("floor", "0002_records"), ("learners", "0004_memberships")]
    operations = [
        migrations.RunSQL(STANDS, FALLS),
        migrations.RunSQL(ALONE, "DROP FUNCTION payments_month_is_sold() CASCADE"),
        *(append_only(f"payments_{table}") for table in ("membershipoffer", "membershipmonth", "membershipclosing")),
        migrations.RunSQL(SOLD.format(join="LEFT JOIN") + SET, SOLD.format(join="JOIN") + SET),
        migrations.RunSQL(_sum("'creator', 'pool'"), _sum("'creator'")),
        migrations.RunPython(introduce, migrations.RunPython.noop),
    ]
