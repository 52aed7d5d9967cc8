"""What PostgreSQL itself holds true of a sale, of its shares and of what is given back of them."""

from django.db import migrations

SHARES_SUM = """
CREATE FUNCTION item_shares_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked bigint;
    item payments_orderitem%ROWTYPE;
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
           coalesce(sum(amount_minor) FILTER (WHERE kind = 'creator'), 0)
      INTO platform, affiliate, creator FROM payments_itemshare WHERE item_id = checked;
    IF (platform, affiliate, creator) IS DISTINCT FROM
       (item.platform_minor::numeric, item.affiliate_minor::numeric, item.creator_minor::numeric) THEN
        RAISE EXCEPTION 'the shares of item % do not sum to what it says', checked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'item_shares_sum';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER item_shares_sum AFTER INSERT OR DELETE ON payments_itemshare
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION item_shares_sum();
CREATE CONSTRAINT TRIGGER item_shares_sum AFTER INSERT OR UPDATE OF platform_minor, affiliate_minor, creator_minor
    ON payments_orderitem DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION item_shares_sum();
"""
PAID_STANDS = """
CREATE FUNCTION sale_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sold bigint;
BEGIN
    IF TG_TABLE_NAME = 'payments_itemshare' THEN SELECT order_id INTO sold FROM payments_orderitem WHERE id = OLD.item_id;
    ELSIF TG_TABLE_NAME = 'payments_orderitem' THEN sold := OLD.order_id;
    ELSE sold := OLD.id; END IF;
    IF EXISTS (SELECT 1 FROM payments_order WHERE id = sold AND paid_at IS NOT NULL) THEN
        RAISE EXCEPTION '% of a paid order is not changed: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'sale_stands';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER item_share_stands BEFORE DELETE ON payments_itemshare FOR EACH ROW EXECUTE FUNCTION sale_stands();
CREATE TRIGGER item_share_unchanged BEFORE UPDATE ON payments_itemshare
    FOR EACH ROW EXECUTE FUNCTION floor_refuse_change();
CREATE TRIGGER item_share_no_truncate BEFORE TRUNCATE ON payments_itemshare
    FOR EACH STATEMENT EXECUTE FUNCTION floor_refuse_change();
CREATE TRIGGER order_item_stands BEFORE UPDATE ON payments_orderitem FOR EACH ROW
    WHEN ((OLD.list_minor, OLD.discount_minor, OLD.discount_bearer, OLD.net_minor, OLD.tax_minor, OLD.price_minor,
           OLD.promotion_minor, OLD.platform_minor, OLD.affiliate_minor, OLD.creator_minor, OLD.affiliate_id,
           OLD.creator_id, OLD.rule_id) IS DISTINCT FROM
          (NEW.list_minor, NEW.discount_minor, NEW.discount_bearer, NEW.net_minor, NEW.tax_minor, NEW.price_minor,
           NEW.promotion_minor, NEW.platform_minor, NEW.affiliate_minor, NEW.creator_minor, NEW.affiliate_id,
           NEW.creator_id, NEW.rule_id))
    EXECUTE FUNCTION sale_stands();
CREATE TRIGGER order_stands BEFORE UPDATE ON payments_order FOR EACH ROW
    WHEN ((OLD.subtotal_minor, OLD.discount_minor, OLD.tax_minor, OLD.total_minor, OLD.currency, OLD.buyer_id)
          IS DISTINCT FROM
          (NEW.subtotal_minor, NEW.discount_minor, NEW.tax_minor, NEW.total_minor, NEW.currency, NEW.buyer_id))
    EXECUTE FUNCTION sale_stands();
"""
REFUND_FITS = """
CREATE FUNCTION refund_line_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line payments_refundline%ROWTYPE;
    given numeric;
BEGIN
    SELECT * INTO line FROM payments_refundline
     WHERE id = CASE TG_TABLE_NAME WHEN 'payments_refundline' THEN NEW.id ELSE (to_jsonb(NEW)->>'line_id')::bigint END;
    SELECT coalesce(sum(CASE kind WHEN 'promotion' THEN -amount_minor ELSE amount_minor END), 0) INTO given
      FROM payments_refundshare WHERE line_id = line.id;
    IF given <> line.amount_minor THEN
        RAISE EXCEPTION 'refund line % gives %, its shares sum to %', line.id, line.amount_minor, given
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_line_fits';
    END IF;
    IF EXISTS (
        SELECT 1 FROM payments_refundshare r
          JOIN payments_refundline l ON l.id = r.line_id AND l.item_id = line.item_id AND l.failed_at IS NULL
          JOIN payments_orderitem i ON i.id = l.item_id
          LEFT JOIN payments_itemshare s ON s.id = r.share_id
         GROUP BY r.kind, r.share_id
        HAVING sum(r.amount_minor) > max(CASE r.kind WHEN 'tax' THEN i.tax_minor WHEN 'promotion' THEN i.promotion_minor
                                                     ELSE s.amount_minor END)
    ) THEN
        RAISE EXCEPTION 'a share of item % would give more than it has', line.item_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_share_within_share';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER refund_line_fits AFTER INSERT ON payments_refundline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refund_line_fits();
CREATE CONSTRAINT TRIGGER refund_line_fits AFTER INSERT ON payments_refundshare
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refund_line_fits();
"""
# What is made good is just what a refund that has happened took of a seller's share.
MADE_GOOD_FITS = """
CREATE FUNCTION payments_made_good_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM payments_refundshare s JOIN payments_refundline l ON l.id = s.line_id
      JOIN payments_refund r ON r.id = l.refund_id JOIN payments_makinggood m ON m.id = NEW.making_id
      JOIN payments_order o ON o.id = r.order_id
     WHERE s.id = NEW.share_id AND s.owner_id = NEW.owner_id AND s.amount_minor = NEW.amount_minor
       AND l.failed_at IS NULL AND r.state = 'done' AND r.origin = m.origin
       AND o.currency = NEW.currency AND o.book = NEW.book;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'made good is what a refund took' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER made_good_fits BEFORE INSERT ON payments_madegood
FOR EACH ROW EXECUTE FUNCTION payments_made_good_fits();
"""
# Tiers rise from the rule's own part, and leave the platform its own: no condition of Django's can say that.
TIERS_FIT = """
CREATE FUNCTION revenue_rule_tiers_fit(steps jsonb, days int, platform_bps int, affiliate_bps int) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    sales int := 0;
    bps int := affiliate_bps;
    step jsonb;
BEGIN
    IF jsonb_typeof(steps) <> 'array' OR jsonb_array_length(steps) > 5 THEN RETURN false; END IF;
    IF jsonb_array_length(steps) = 0 THEN RETURN days = 0; END IF;
    IF days NOT BETWEEN 1 AND 365 THEN RETURN false; END IF;
    FOR step IN SELECT value FROM jsonb_array_elements(steps) WITH ORDINALITY ORDER BY ordinality LOOP
        IF jsonb_typeof(step) <> 'array' OR jsonb_array_length(step) <> 2 THEN RETURN false; END IF;
        IF (step->>0)::int NOT BETWEEN sales + 1 AND 1000 OR (step->>1)::int NOT BETWEEN bps + 1 AND 10000 - platform_bps
        THEN RETURN false; END IF;
        sales := (step->>0)::int;
        bps := (step->>1)::int;
    END LOOP;
    RETURN true;
END $$;
ALTER TABLE payments_revenuerule ADD CONSTRAINT revenue_rule_tiers_fit
    CHECK (revenue_rule_tiers_fit(tier_steps, tier_days, platform_bps, affiliate_bps));
"""
TIERS_UNFIT = """
ALTER TABLE payments_revenuerule DROP CONSTRAINT revenue_rule_tiers_fit;
DROP FUNCTION revenue_rule_tiers_fit(jsonb, int, int, int);
"""
# An order is paid on the provider's page or by hand, never both; and what the buyer was told to pay stays.
ONE_WAY = """
CREATE FUNCTION payments_no_page_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM payments_handpayment WHERE order_id = NEW.id) THEN
        RAISE EXCEPTION 'order % is paid by hand: no page for it', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER order_no_page_by_hand BEFORE UPDATE OF checkout_session_id ON payments_order FOR EACH ROW
    WHEN (NEW.checkout_session_id IS NOT NULL AND OLD.checkout_session_id IS NULL)
    EXECUTE FUNCTION payments_no_page_by_hand();

CREATE FUNCTION payments_hand_payment_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT FROM payments_order WHERE id = NEW.order_id AND checkout_session_id IS NOT NULL) THEN
            RAISE EXCEPTION 'order % has a page to pay on', NEW.order_id USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF TG_OP = 'DELETE' OR OLD.sent_at IS NOT NULL
       OR (OLD.order_id, OLD.way_id, OLD.reference, OLD.chosen_at)
          IS DISTINCT FROM (NEW.order_id, NEW.way_id, NEW.reference, NEW.chosen_at) THEN
        RAISE EXCEPTION 'how an order is paid by hand does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hand_payment_stays BEFORE INSERT OR UPDATE OR DELETE ON payments_handpayment FOR EACH ROW
    EXECUTE FUNCTION payments_hand_payment_stays();
"""
UNDO_ONE_WAY = """
DROP TRIGGER order_no_page_by_hand ON payments_order; DROP FUNCTION payments_no_page_by_hand;
DROP TRIGGER hand_payment_stays ON payments_handpayment; DROP FUNCTION payments_hand_payment_stays;
"""


def changed(*columns: str) -> str:
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"ROW({old}) IS DISTINCT FROM ROW({new})"


def changed_once_set(column: str) -> str:
    return f"(OLD.{column} IS NOT NULL AND {changed(column)})"


# Beside the amounts: by which taxes and rules it was sold, in which book, and who brought the buyer. Of a refund only its
# course changes, and only forward: how it ended, when, and its name at the provider.
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
CREATE TRIGGER order_item_tier_stands BEFORE UPDATE ON payments_orderitem FOR EACH ROW
    WHEN (OLD.promoter_sales IS DISTINCT FROM NEW.promoter_sales) EXECUTE FUNCTION sale_stands();
CREATE TRIGGER order_item_tip_stands BEFORE UPDATE ON payments_orderitem FOR EACH ROW
    WHEN (OLD.is_tip IS DISTINCT FROM NEW.is_tip) EXECUTE FUNCTION sale_stands();
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


def undo(function: str) -> str:
    return f"DROP FUNCTION {function}() CASCADE;"


class Migration(migrations.Migration):
    replaces = [("payments", "0019_sale_truth")]
    dependencies = [
        ("payments", "0003_records"),
    ]
    operations = [
        migrations.RunSQL(SHARES_SUM, undo("item_shares_sum")),
        migrations.RunSQL(
            PAID_STANDS,
            undo("sale_stands")
            + "DROP TRIGGER item_share_unchanged ON payments_itemshare;"
            + "DROP TRIGGER item_share_no_truncate ON payments_itemshare;",
        ),
        migrations.RunSQL(SALE_STANDS, migrations.RunSQL.noop),
        migrations.RunSQL(REFUND_FITS, undo("refund_line_fits")),
        stands("payments_refund", REFUND),
        stands("payments_refundline", LINE),
        migrations.RunSQL(MADE_GOOD_FITS, undo("payments_made_good_fits")),
        migrations.RunSQL(TIERS_FIT, TIERS_UNFIT),
        migrations.RunSQL(ONE_WAY, UNDO_ONE_WAY),
    ]
