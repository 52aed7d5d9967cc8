"""What PostgreSQL itself holds true of the ledger, which is written by one function. Source: the design's page on money, 3.2.

It writes all its entries and postings set by set, and is judged a statement, not a row, at a time. What it looks up it
finds by index, however little PostgreSQL knows yet of the tables' sizes: plans are kept for as long as a connection
lives, and one that was made while a table was small would read all of it when it is large. What a sale costs must not
follow the history.
"""

from django.db import migrations

COLUMNS = """
-- Not xmin: under savepoints that is a subtransaction's number, and an honest posting would be refused.
ALTER TABLE payments_ledgerentry ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE payments_ledgerposting ADD CONSTRAINT ledger_posting_currency_of_account
    FOREIGN KEY (account_id, currency) REFERENCES payments_ledgeraccount (id, currency);
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
# `entries` is a list of {book, idem_key, payload_hash, kind, reverses_id, occurred_at, meta, lines}, each line
# {kind, owner, currency, minor, side, cached, floor}. A row for each entry that has its key: a new one or the one before.
LEDGER_POST = """
CREATE FUNCTION ledger_post(entries jsonb, money_now timestamptz)
RETURNS TABLE (wanted int, id bigint, created_at timestamptz, payload_hash text, occurred_at timestamptz,
               first_meta jsonb)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    made bigint[];
BEGIN
    -- Two joins and not one with IS NOT DISTINCT FROM, which no index answers.
    IF EXISTS (
        SELECT 1 FROM jsonb_array_elements(entries) AS e
         CROSS JOIN LATERAL jsonb_to_recordset(e->'lines') AS l (kind text, owner bigint, currency text)
          LEFT JOIN payments_ledgeraccount o
                 ON o.book = e->>'book' AND o.kind = l.kind AND o.owner_id = l.owner AND o.currency = l.currency
          LEFT JOIN payments_ledgeraccount p
                 ON p.book = e->>'book' AND p.kind = l.kind AND p.owner_id IS NULL AND p.currency = l.currency
                AND l.owner IS NULL
         WHERE o.id IS NULL AND p.id IS NULL
    ) THEN
        -- In one order for everybody: two sales that open the same accounts must not wait for each other in a circle.
        INSERT INTO payments_ledgeraccount (book, kind, owner_id, currency, normal_side, cached, floor_minor)
        SELECT DISTINCT e->>'book', l.kind, l.owner, l.currency, l.side, l.cached, l.floor
          FROM jsonb_array_elements(entries) AS e
         CROSS JOIN LATERAL jsonb_to_recordset(e->'lines')
               AS l (kind text, owner bigint, currency text, side text, cached boolean, floor bigint)
         WHERE ledger_account_named(e->>'book', l.kind, l.owner, l.currency) IS NULL
         ORDER BY 2, 3, 4
            ON CONFLICT DO NOTHING;
    END IF;
    WITH new AS (
        INSERT INTO payments_ledgerentry
               (book, idem_key, payload_hash, kind, reverses_id, occurred_at, created_at, meta)
        SELECT e->>'book', e->>'idem_key', e->>'payload_hash', e->>'kind', (e->>'reverses_id')::bigint,
               coalesce((e->>'occurred_at')::timestamptz, money_now), statement_timestamp(), e->'meta'
          FROM jsonb_array_elements(entries) WITH ORDINALITY AS a (e, place) ORDER BY place
            ON CONFLICT DO NOTHING RETURNING id)
    SELECT array_agg(id) INTO made FROM new;
    -- In account order: everybody locks kept balances in the same order.
    INSERT INTO payments_ledgerposting (entry_id, account_id, currency, amount_minor)
    SELECT m.id, coalesce(o.id, p.id), l.currency, l.minor
      FROM jsonb_array_elements(entries) AS e
      JOIN payments_ledgerentry m ON m.idem_key = e->>'idem_key' AND m.id = ANY(made)
     CROSS JOIN LATERAL jsonb_to_recordset(e->'lines') AS l (kind text, owner bigint, currency text, minor bigint)
      LEFT JOIN payments_ledgeraccount o
             ON o.book = m.book AND o.kind = l.kind AND o.owner_id = l.owner AND o.currency = l.currency
      LEFT JOIN payments_ledgeraccount p
             ON p.book = m.book AND p.kind = l.kind AND p.owner_id IS NULL AND p.currency = l.currency
            AND l.owner IS NULL
     WHERE made IS NOT NULL
     ORDER BY coalesce(o.id, p.id), m.id;
    RETURN QUERY
    SELECT (a.place - 1)::int, m.id, m.created_at, m.payload_hash::text, m.occurred_at,
           CASE WHEN m.id = ANY(coalesce(made, '{}')) THEN NULL ELSE m.meta END
      FROM jsonb_array_elements(entries) WITH ORDINALITY AS a (e, place)
      JOIN payments_ledgerentry m ON m.idem_key = e->>'idem_key';
END $$;
"""
BELONGS = """
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
"""
# An entry's postings come in one statement and balance when it ends. (That it has any is asked at the commit.) Only what
# the statement added: what an entry had before balanced when its own statement ended.
POSTING_SUMS = """
CREATE FUNCTION ledger_posting_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    uneven record;
BEGIN
    SELECT entry_id, currency, sum(amount_minor) AS total INTO uneven
      FROM added GROUP BY entry_id, currency HAVING sum(amount_minor) <> 0 LIMIT 1;
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
# Whoever closes months holds the lock for herself; a late entry holds it with other late ones, and waits for her.
HELD = """
CREATE FUNCTION ledger_months_held(alone boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF alone THEN
        PERFORM pg_advisory_xact_lock(7803202);
    ELSE
        PERFORM pg_advisory_xact_lock_shared(7803202);
    END IF;
END $$;
"""
# An entry of the present month cannot lie in a closed one, so a sale pays for one comparison and nothing else.
REFUSED = """
CREATE FUNCTION ledger_month_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ledger_months_held(false);
    PERFORM 1 FROM payments_monthclose
     WHERE book = NEW.book AND month = date_trunc('month', NEW.created_at AT TIME ZONE 'UTC')::date;
    IF FOUND THEN
        RAISE EXCEPTION 'the month of % is closed: nothing is booked into it', NEW.created_at
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_month_closed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_month_is_open BEFORE INSERT ON payments_ledgerentry FOR EACH ROW
    WHEN (NEW.created_at < date_trunc('month', clock_timestamp(), 'UTC'))
    EXECUTE FUNCTION ledger_month_is_open();
"""
BY_INDEX = "".join(
    f"ALTER FUNCTION {function} SET enable_{way} = off;"
    for function in ("ledger_post(jsonb, timestamptz)", "ledger_posting_belongs()", "ledger_balance_kept()")
    for way in ("seqscan", "hashjoin", "mergejoin")
)
# Otherwise PostgreSQL plans each statement anew for the very entries that it is called with, which costs as much as
# carrying it out and finds the same way.
PLANNED_ONCE = "ALTER FUNCTION ledger_post(jsonb, timestamptz) SET plan_cache_mode = force_generic_plan"


def undo(function: str) -> str:
    return f"DROP FUNCTION {function} CASCADE;"


class Migration(migrations.Migration):
    replaces = [("payments", "0002_ledger_truth")]
    dependencies = [
        # The last one that 0001_tables stands for, and not itself: a database that stands in between is refused (decision 105).
        ("payments", "0072_a_charge_keeps_its_key"),
        ("floor", "0002_records"),
    ]
    operations = [
        migrations.RunSQL(
            COLUMNS,
            "ALTER TABLE payments_ledgerposting DROP CONSTRAINT ledger_posting_currency_of_account;"
            "ALTER TABLE payments_ledgerentry DROP COLUMN tx;",
        ),
        migrations.RunSQL(ACCOUNT_NAMED, undo("ledger_account_named(text, text, bigint, text)")),
        migrations.RunSQL(LEDGER_POST, undo("ledger_post(jsonb, timestamptz)")),
        migrations.RunSQL(BELONGS, undo("ledger_posting_belongs()")),
        migrations.RunSQL(ENTRY_BALANCES, undo("ledger_entry_balances()")),
        migrations.RunSQL(POSTING_SUMS, undo("ledger_posting_sums()")),
        migrations.RunSQL(KEPT, undo("ledger_balance_kept()")),
        migrations.RunSQL(HELD, undo("ledger_months_held(boolean)")),
        migrations.RunSQL(REFUSED, undo("ledger_month_is_open()")),
        migrations.RunSQL([BY_INDEX, PLANNED_ONCE], migrations.RunSQL.noop),
    ]
