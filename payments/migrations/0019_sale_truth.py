"""What PostgreSQL itself holds true of a sale's shares and of what is given back of them."""

from django.db import migrations

from marketplace.lib.append_only import append_only

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


def undo(function: str) -> str:
    return f"DROP FUNCTION {function}() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("payments", "0018_sale_amounts_hold"), ("floor", "0002_append_only")]
    operations = [
        migrations.RunSQL(SHARES_SUM, undo("item_shares_sum")),
        migrations.RunSQL(
            PAID_STANDS,
            undo("sale_stands")
            + "DROP TRIGGER item_share_unchanged ON payments_itemshare;"
            + "DROP TRIGGER item_share_no_truncate ON payments_itemshare;",
        ),
        migrations.RunSQL(REFUND_FITS, undo("refund_line_fits")),
        append_only("payments_refundshare"),
    ]
