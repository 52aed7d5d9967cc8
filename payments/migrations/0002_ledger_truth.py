"""What PostgreSQL itself holds true of the ledger. Source: the design's page on money, 3.2."""

from django.db import migrations

from marketplace.lib.append_only import append_only

COLUMNS = """
-- Not xmin: under savepoints that is a subtransaction's number, and an honest posting would be refused.
ALTER TABLE payments_ledgerentry ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE payments_ledgerposting ADD CONSTRAINT ledger_posting_currency_of_account
    FOREIGN KEY (account_id, currency) REFERENCES payments_ledgeraccount (id, currency);
"""

POSTING_BELONGS = """
CREATE FUNCTION ledger_posting_belongs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry payments_ledgerentry%ROWTYPE;
BEGIN
    SELECT * INTO entry FROM payments_ledgerentry WHERE id = NEW.entry_id;
    IF entry.tx IS DISTINCT FROM pg_current_xact_id() THEN
        RAISE EXCEPTION 'ledger entry % is closed: its transaction is over', NEW.entry_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_entry_closed';
    END IF;
    PERFORM 1 FROM payments_ledgeraccount WHERE id = NEW.account_id AND book = entry.book;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'account % is not of the book %', NEW.account_id, entry.book
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_book';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_posting_belongs BEFORE INSERT ON payments_ledgerposting
    FOR EACH ROW EXECUTE FUNCTION ledger_posting_belongs();
"""

ENTRY_BALANCES = """
CREATE FUNCTION ledger_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked bigint;
    lines bigint;
    uneven text;
BEGIN
    IF TG_TABLE_NAME = 'payments_ledgerentry' THEN checked := NEW.id; ELSE checked := NEW.entry_id; END IF;
    SELECT coalesce(sum(n), 0), string_agg(currency || ' ' || total, ', ') FILTER (WHERE total <> 0) INTO lines, uneven
      FROM (SELECT currency, count(*) AS n, sum(amount_minor) AS total
              FROM payments_ledgerposting WHERE entry_id = checked GROUP BY currency) AS sums;
    IF lines < 2 OR uneven IS NOT NULL THEN
        RAISE EXCEPTION 'ledger entry % does not balance: % postings, left over %', checked, lines, coalesce(uneven, '0')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balances';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON payments_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();
-- Also for each posting: were constraints set to immediate halfway, the lines that follow would go unseen.
CREATE CONSTRAINT TRIGGER ledger_posting_balances AFTER INSERT ON payments_ledgerposting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_entry_balances();
"""

BALANCE_KEPT = """
CREATE FUNCTION ledger_balance_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    account payments_ledgeraccount%ROWTYPE;
    standing bigint;
BEGIN
    SELECT * INTO account FROM payments_ledgeraccount WHERE id = NEW.account_id;
    IF NOT account.cached THEN RETURN NULL; END IF;
    INSERT INTO payments_ledgerbalance AS kept (account_id, amount_minor, last_posting_id)
        VALUES (NEW.account_id, NEW.amount_minor, NEW.id)
        ON CONFLICT (account_id) DO UPDATE
        SET amount_minor = kept.amount_minor + excluded.amount_minor, last_posting_id = excluded.last_posting_id
        RETURNING CASE account.normal_side WHEN 'debit' THEN amount_minor ELSE -amount_minor END INTO standing;
    IF standing < account.floor_minor
       AND (SELECT kind FROM payments_ledgerentry WHERE id = NEW.entry_id) = 'payout_hold' THEN
        RAISE EXCEPTION 'account % would stand at %, below its floor', NEW.account_id, standing
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_floor';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_balance_kept AFTER INSERT ON payments_ledgerposting
    FOR EACH ROW EXECUTE FUNCTION ledger_balance_kept();
"""


def undo(function: str) -> str:
    return f"DROP FUNCTION {function}() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_ledger"), ("floor", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            COLUMNS,
            "ALTER TABLE payments_ledgerposting DROP CONSTRAINT ledger_posting_currency_of_account;"
            "ALTER TABLE payments_ledgerentry DROP COLUMN tx;",
        ),
        migrations.RunSQL(POSTING_BELONGS, undo("ledger_posting_belongs")),
        migrations.RunSQL(ENTRY_BALANCES, undo("ledger_entry_balances")),
        migrations.RunSQL(BALANCE_KEPT, undo("ledger_balance_kept")),
        append_only("payments_ledgeraccount"),
        append_only("payments_ledgerentry"),
        append_only("payments_ledgerposting"),
        append_only("payments_revenuerule"),
    ]
