"""The ledger's functions look rows up by index, however little PostgreSQL knows yet of the tables' sizes.

Their plans are kept for as long as a connection lives. One that was made while a table was small would read all of it
when it is large: what a sale costs must not follow the history.
"""

from django.db import migrations

BY_INDEX = """
ALTER FUNCTION {function} SET enable_seqscan = off;
ALTER FUNCTION {function} SET enable_hashjoin = off;
ALTER FUNCTION {function} SET enable_mergejoin = off;
"""
ANY_WAY = "ALTER FUNCTION {function} RESET ALL;"

FUNCTIONS = (
    "ledger_post(jsonb, timestamptz)",
    "ledger_posting_belongs()",
    "ledger_balance_kept()",
    "order_sold(bigint)",
    "order_mark_paid(bigint, bigint, text, timestamptz, timestamptz, bigint[])",
)

# Only what the statement added: what an entry had before balanced when its own statement ended.
SUMS = """
CREATE OR REPLACE FUNCTION ledger_posting_sums() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0040_sale_functions")]
    operations = [
        migrations.RunSQL(SUMS, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(BY_INDEX.format(function=function), ANY_WAY.format(function=function))
            for function in FUNCTIONS
        ),
    ]
