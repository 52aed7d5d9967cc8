"""Tables of record of payments."""

from django.db import migrations

from marketplace.lib.append_only import append_only

# Who an account was is taken out of its papers, once, when its deletion stands; nothing else of them ever changes.
BUT_NAMES = """
CREATE FUNCTION payments_nobody(buyer bigint, snapshot jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('account', buyer, 'name', 'Account ' || buyer, 'company', '', 'tax_id', '', 'address', '',
                              'country', coalesce(snapshot->'buyer'->>'country', ''), 'email', '')
$$;
CREATE FUNCTION payments_refuse_paper_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF TG_TABLE_NAME = 'payments_invoice' THEN
            SELECT o.buyer_id INTO who FROM payments_order o WHERE o.id = (to_jsonb(OLD)->>'order_id')::bigint;
        ELSE
            SELECT o.buyer_id INTO who FROM payments_invoice i JOIN payments_order o ON o.id = i.order_id
             WHERE i.id = (to_jsonb(OLD)->>'invoice_id')::bigint;
        END IF;
        IF NOT OLD.snapshot->'buyer' ? 'account'
           AND to_jsonb(NEW) = jsonb_set(to_jsonb(OLD), '{snapshot,buyer}', payments_nobody(who, OLD.snapshot))
           AND EXISTS (SELECT 1 FROM accounts_accountdeletion d WHERE d.user_id = who) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""
UNDO_BUT_NAMES = "DROP FUNCTION payments_refuse_paper_change(); DROP FUNCTION payments_nobody(bigint, jsonb);"
# Nothing of a person's facts for taxes changes but their seal: made anew with another key of the site, or emptied when
# its time is over.
SEAL_ALONE = """
CREATE FUNCTION payments_seal_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'sealed' = to_jsonb(OLD) - 'sealed' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER payments_taxidentity_seal_alone BEFORE UPDATE OR DELETE ON payments_taxidentity
    FOR EACH ROW EXECUTE FUNCTION payments_seal_alone();
CREATE TRIGGER payments_taxidentity_no_truncate BEFORE TRUNCATE ON payments_taxidentity
    FOR EACH STATEMENT EXECUTE FUNCTION floor_refuse_change();
"""
UNDO_SEAL_ALONE = """
DROP TRIGGER payments_taxidentity_no_truncate ON payments_taxidentity;
DROP FUNCTION payments_seal_alone() CASCADE;
"""
# What was said in a dispute, by whom and when, never changes; only what became of it does. Nothing is deleted.
FREEZE = """
CREATE TRIGGER payments_disputeevidence_frozen
    BEFORE UPDATE OF dispute_id, kind, submitted_by_id, at, reason, fields OR DELETE ON payments_disputeevidence
    FOR EACH ROW EXECUTE FUNCTION floor_refuse_change();
CREATE TRIGGER payments_disputeevidence_no_truncate
    BEFORE TRUNCATE ON payments_disputeevidence FOR EACH STATEMENT EXECUTE FUNCTION floor_refuse_change();
"""
THAW = """
DROP TRIGGER payments_disputeevidence_frozen ON payments_disputeevidence;
DROP TRIGGER payments_disputeevidence_no_truncate ON payments_disputeevidence;
"""
# What a buyer agreed to pay in parts.
AGREED = (
    "token", "buyer_id", "course_id", "book", "currency", "total_minor", "months", "amounts_minor", "due_on", "terms",
    "refund_rule_id", "agreed_at",
)  # fmt: skip


def changed(*columns: str) -> str:
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"ROW({old}) IS DISTINCT FROM ROW({new})"


# What was agreed never changes, and an order stays the part that it is.
PLANS_STAND = f"""
CREATE TRIGGER instalment_plan_stands BEFORE UPDATE ON payments_instalmentplan FOR EACH ROW
    WHEN ({changed(*AGREED)}) EXECUTE FUNCTION floor_refuse_change();
CREATE TRIGGER instalment_plan_kept BEFORE DELETE ON payments_instalmentplan
    FOR EACH ROW EXECUTE FUNCTION floor_refuse_change();
CREATE TRIGGER order_part_stands BEFORE UPDATE ON payments_order FOR EACH ROW
    WHEN ({changed("plan_id", "part", "part_to")}) EXECUTE FUNCTION floor_refuse_change();
"""
UNDO_PLANS_STAND = """
DROP TRIGGER instalment_plan_stands ON payments_instalmentplan;
DROP TRIGGER instalment_plan_kept ON payments_instalmentplan;
DROP TRIGGER order_part_stands ON payments_order;
"""
# What is in a bundle stays once it was offered: prices and their history are of the same set.
BUNDLE_STAYS = """
CREATE FUNCTION payments_bundle_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM payments_bundle
                WHERE id IN (OLD.bundle_id, NEW.bundle_id) AND first_offered_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a bundle that was offered keeps its courses' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER payments_bundle_stays BEFORE INSERT OR UPDATE OR DELETE ON payments_bundlecourse
FOR EACH ROW EXECUTE FUNCTION payments_bundle_stays();
"""
# A part that somebody agreed to stays as it was agreed; the parts of a split are never more than the whole.
SPLIT_KEPT = """
CREATE FUNCTION payments_split_line_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.split_id <> OLD.split_id OR NEW.creator_id <> OLD.creator_id OR NEW.bps <> OLD.bps THEN
        RAISE EXCEPTION 'a part of a split is not changed: % refused', TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER split_line_kept BEFORE UPDATE OR DELETE ON payments_splitline
    FOR EACH ROW EXECUTE FUNCTION payments_split_line_kept();
CREATE FUNCTION payments_split_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(bps) FROM payments_splitline WHERE split_id = NEW.split_id) > 10000 THEN
        RAISE EXCEPTION 'the parts of split % are more than the whole', NEW.split_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER split_fits AFTER INSERT ON payments_splitline DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_split_fits();
"""
UNDO_SPLIT_KEPT = """
DROP TRIGGER split_fits ON payments_splitline; DROP FUNCTION payments_split_fits();
DROP TRIGGER split_line_kept ON payments_splitline; DROP FUNCTION payments_split_line_kept();
"""


class Migration(migrations.Migration):
    replaces = [("payments", "0042_forget_buyers")]
    dependencies = [
        ("payments", "0002_ledger"),
        ("accounts", "0002_records"),
    ]
    operations = [
        *(
            append_only(f"payments_{name}")
            for name in (
                "ledgeraccount", "ledgerentry", "ledgerposting", "ledgerseal", "ledgersealleaves", "monthclose",
                "revenuerule", "refundrule", "taxrate", "currencyrail", "taxpayment", "yearreport",
                "providertransaction", "providermatch", "sandboxtransaction",
                "payoutapproval", "bankfile", "bankorder", "bankanswer", "bankreturn", "bankreturnverdict",
                "refundshare", "meterreading", "madegood", "bundleprice", "bundleoffering", "instalmentoffer",
                "paymentway", "arrival", "arrivalstep", "handrefund",
            )
        ),
        migrations.RunSQL(BUT_NAMES, UNDO_BUT_NAMES),
        append_only("payments_invoice", "payments_refuse_paper_change()"),
        append_only("payments_creditnote", "payments_refuse_paper_change()"),
        migrations.RunSQL(SEAL_ALONE, UNDO_SEAL_ALONE),
        migrations.RunSQL(FREEZE, THAW),
        migrations.RunSQL(PLANS_STAND, UNDO_PLANS_STAND),
        migrations.RunSQL(BUNDLE_STAYS, "DROP FUNCTION payments_bundle_stays() CASCADE;"),
        migrations.RunSQL(SPLIT_KEPT, UNDO_SPLIT_KEPT),
    ]  # fmt: skip
