"""The ledger's function writes all its entries and postings set by set, and its triggers run once."""

from django.db import migrations

# As before: `entries` is a list of {book, idem_key, payload_hash, kind, reverses_id, occurred_at, meta, lines}, each line
# {kind, owner, currency, minor, side, cached, floor}. A row for each entry that has its key: a new one or the one before.
LEDGER_POST = """
CREATE OR REPLACE FUNCTION ledger_post(entries jsonb, money_now timestamptz)
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


class Migration(migrations.Migration):
    dependencies = [("payments", "0037_after_refund")]
    operations = [migrations.RunSQL(LEDGER_POST, migrations.RunSQL.noop)]
