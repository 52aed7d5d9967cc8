"""The rows of a sale without anything that keeps them right: no key but the primary one, no trigger, no check."""

BARE = """
CREATE TABLE bare_entry (id bigserial PRIMARY KEY, book text, idem_key text, payload_hash text, kind text,
                         occurred_at timestamptz, created_at timestamptz, meta jsonb);
CREATE TABLE bare_posting (id bigserial PRIMARY KEY, entry bigint, account_id bigint, currency text, amount bigint);
CREATE TABLE bare_right (id bigserial PRIMARY KEY, learner bigint, course bigint, source text, reference text,
                         granted_at timestamptz, end_reason text);
CREATE TABLE bare_after_sale (id bigint PRIMARY KEY, due_at timestamptz, attempts int, rounds int, last_error text);
"""
LEDGER_ROWS = """
WITH entries AS (
    INSERT INTO bare_entry (book, idem_key, payload_hash, kind, occurred_at, created_at, meta)
    VALUES ('sandbox', 'sale:' || %(key)s, repeat('0', 64), 'sale', now(), now(), '{"order": "K123456789"}'),
           ('sandbox', 'fee:' || %(key)s, repeat('0', 64), 'fee', now(), now(), '{"order": "K123456789"}')
    RETURNING id)
INSERT INTO bare_posting (entry, account_id, currency, amount)
SELECT (SELECT min(id) FROM entries), v.account, 'USD', v.amount
  FROM (VALUES (1, 2000), (2, -500), (%(key)s, -1500), (3, 88), (1, -88)) AS v (account, amount)
"""
# The same rows as ALL_ROWS for many sales at once.
ALL_ROWS_TOGETHER = """
WITH sale AS (
    SELECT * FROM unnest(%(keys)s) AS key
), granted AS (
    INSERT INTO bare_right (learner, course, source, reference, granted_at, end_reason)
    SELECT key, 1, 'purchase', 'K123456789', now(), '' FROM sale
), waiting AS (
    INSERT INTO bare_after_sale SELECT key, now(), 0, 0, '' FROM sale
), entries AS (
    INSERT INTO bare_entry (book, idem_key, payload_hash, kind, occurred_at, created_at, meta)
    SELECT 'sandbox', kind || ':' || key, repeat('0', 64), kind, now(), now(), '{"order": "K123456789"}'
      FROM sale, (VALUES ('sale'), ('fee')) AS k (kind)
    RETURNING id, kind)
INSERT INTO bare_posting (entry, account_id, currency, amount)
SELECT id, v.account, 'USD', v.amount
  FROM entries JOIN (VALUES ('sale', 1, 2000), ('sale', 2, -500), ('sale', 4, -1500), ('fee', 3, 88), ('fee', 1, -88))
       AS v (kind, account, amount) USING (kind)
"""
ALL_ROWS = f"""
WITH granted AS (
    INSERT INTO bare_right (learner, course, source, reference, granted_at, end_reason)
    VALUES (%(key)s, 1, 'purchase', 'K123456789', now(), '')
), waiting AS (
    INSERT INTO bare_after_sale VALUES (%(key)s, now(), 0, 0, '')
), {LEDGER_ROWS.strip().removeprefix("WITH ")}
"""
