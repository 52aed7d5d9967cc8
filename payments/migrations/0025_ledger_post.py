"""The ledger is written by one function in one statement, and judged a statement, not a row, at a time."""

from django.db import migrations

# `entries`: a list of {book, idem_key, payload_hash, kind, reverses_id, occurred_at, meta, lines}, each line
# {kind, owner, currency, minor, side, cached, floor}. A row for each entry that has its key: a new one or the one before.
LEDGER_POST = """
CREATE FUNCTION ledger_post(entries jsonb, money_now timestamptz)
RETURNS TABLE (wanted int, id bigint, created_at timestamptz, payload_hash text, occurred_at timestamptz,
               first_meta jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    entry jsonb;
    written payments_ledgerentry%ROWTYPE;
    is_new boolean;
    place int := 0;
BEGIN
    -- In one order for everybody: two sales that open the same accounts must not wait for each other in a circle.
    INSERT INTO payments_ledgeraccount (book, kind, owner_id, currency, normal_side, cached, floor_minor)
    SELECT DISTINCT e->>'book', l.kind, l.owner, l.currency, l.side, l.cached, l.floor
      FROM jsonb_array_elements(entries) AS e
     CROSS JOIN LATERAL jsonb_to_recordset(e->'lines')
           AS l (kind text, owner bigint, currency text, side text, cached boolean, floor bigint)
     WHERE ledger_account_named(e->>'book', l.kind, l.owner, l.currency) IS NULL
     ORDER BY 2, 3, 4
        ON CONFLICT DO NOTHING;
    FOR entry IN SELECT * FROM jsonb_array_elements(entries) LOOP
        INSERT INTO payments_ledgerentry
               (book, idem_key, payload_hash, kind, reverses_id, occurred_at, created_at, meta)
        VALUES (entry->>'book', entry->>'idem_key', entry->>'payload_hash', entry->>'kind',
                (entry->>'reverses_id')::bigint, coalesce((entry->>'occurred_at')::timestamptz, money_now),
                statement_timestamp(), entry->'meta')
            ON CONFLICT DO NOTHING RETURNING * INTO written;
        is_new := FOUND;
        IF is_new THEN
            -- In account order: everybody locks kept balances in the same order.
            INSERT INTO payments_ledgerposting (entry_id, account_id, currency, amount_minor)
            SELECT written.id, ledger_account_named(written.book, l.kind, l.owner, l.currency) AS account, l.currency,
                   l.minor
              FROM jsonb_to_recordset(entry->'lines') AS l (kind text, owner bigint, currency text, minor bigint)
             ORDER BY account;
        ELSE
            SELECT * INTO written FROM payments_ledgerentry WHERE idem_key = entry->>'idem_key';
        END IF;
        IF written.id IS NOT NULL THEN
            RETURN QUERY SELECT place, written.id, written.created_at, written.payload_hash::text, written.occurred_at,
                                CASE WHEN is_new THEN NULL ELSE written.meta END;
        END IF;
        place := place + 1;
    END LOOP;
END $$;
"""

ACCOUNT_NAMED = """
-- Two questions and not one with IS NOT DISTINCT FROM, which no index answers.
CREATE FUNCTION ledger_account_named(of_book text, of_kind text, of_owner bigint, of_currency text) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
    found bigint;
BEGIN
    IF of_owner IS NULL THEN
        SELECT id INTO found FROM payments_ledgeraccount
         WHERE book = of_book AND kind = of_kind AND owner_id IS NULL AND currency = of_currency;
    ELSE
        SELECT id INTO found FROM payments_ledgeraccount
         WHERE book = of_book AND kind = of_kind AND owner_id = of_owner AND currency = of_currency;
    END IF;
    RETURN found;
END $$;
"""

BELONGS = """
DROP FUNCTION ledger_posting_belongs() CASCADE;
CREATE FUNCTION ledger_posting_belongs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong record;
BEGIN
    SELECT p.entry_id, p.account_id, e.tx = pg_current_xact_id() AS is_open, e.book = a.book AS same_book, e.book
      INTO wrong
      FROM added p
      JOIN payments_ledgerentry e ON e.id = p.entry_id
      JOIN payments_ledgeraccount a ON a.id = p.account_id
     WHERE e.tx <> pg_current_xact_id() OR e.book <> a.book LIMIT 1;
    IF NOT FOUND THEN RETURN NULL; END IF;
    IF NOT wrong.is_open THEN
        RAISE EXCEPTION 'ledger entry % is closed: its transaction is over', wrong.entry_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_entry_closed';
    END IF;
    RAISE EXCEPTION 'account % is not of the book %', wrong.account_id, wrong.book
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_book';
END $$;
CREATE TRIGGER ledger_posting_belongs AFTER INSERT ON payments_ledgerposting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_posting_belongs();
"""

BALANCES = """
DROP TRIGGER ledger_posting_balances ON payments_ledgerposting;
-- An entry's postings come in one statement and balance when it ends. (That it has any is asked at the commit.)
CREATE FUNCTION ledger_posting_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    uneven record;
BEGIN
    SELECT p.entry_id, p.currency, sum(p.amount_minor) AS total INTO uneven
      FROM payments_ledgerposting p WHERE p.entry_id IN (SELECT entry_id FROM added)
     GROUP BY p.entry_id, p.currency HAVING sum(p.amount_minor) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'ledger entry % does not balance: left over % %', uneven.entry_id, uneven.total, uneven.currency
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balances';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_posting_sums AFTER INSERT ON payments_ledgerposting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_posting_sums();
"""

KEPT = """
DROP FUNCTION ledger_balance_kept() CASCADE;
CREATE FUNCTION ledger_balance_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved record;
    standing bigint;
BEGIN
    FOR moved IN
        SELECT a.id, a.normal_side, a.floor_minor, sum(p.amount_minor) AS amount, max(p.id) AS last,
               bool_or(e.kind = 'payout_hold') AS is_payout
          FROM added p
          JOIN payments_ledgeraccount a ON a.id = p.account_id AND a.cached
          JOIN payments_ledgerentry e ON e.id = p.entry_id
         GROUP BY a.id, a.normal_side, a.floor_minor ORDER BY a.id
    LOOP
        INSERT INTO payments_ledgerbalance AS kept (account_id, amount_minor, last_posting_id)
            VALUES (moved.id, moved.amount, moved.last)
            ON CONFLICT (account_id) DO UPDATE
            SET amount_minor = kept.amount_minor + excluded.amount_minor, last_posting_id = excluded.last_posting_id
            RETURNING CASE moved.normal_side WHEN 'debit' THEN amount_minor ELSE -amount_minor END INTO standing;
        IF moved.is_payout AND standing < moved.floor_minor THEN
            RAISE EXCEPTION 'account % would stand at %, below its floor', moved.id, standing
                USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_floor';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_balance_kept AFTER INSERT ON payments_ledgerposting
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_balance_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0024_coupons")]
    operations = [migrations.RunSQL(sql) for sql in (ACCOUNT_NAMED, LEDGER_POST, BELONGS, BALANCES, KEPT)]
