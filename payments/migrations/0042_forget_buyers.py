from django.db import migrations

# Who an account was is taken out of its papers, once, when its deletion stands; nothing else of them ever changes.
OPEN = """
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
SHUT = "DROP FUNCTION payments_refuse_paper_change(); DROP FUNCTION payments_nobody(bigint, jsonb);"


def guarded(table: str) -> migrations.RunSQL:
    begin = f"DROP TRIGGER {table}_append_only ON {table}; CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION "
    return migrations.RunSQL(f"{begin} payments_refuse_paper_change();", f"{begin} floor_refuse_change();")


class Migration(migrations.Migration):
    dependencies = [("payments", "0041_ledger_by_index"), ("accounts", "0003_records")]
    operations = [
        migrations.RunSQL(OPEN, SHUT),
        guarded("payments_invoice"),
        guarded("payments_creditnote"),
    ]
