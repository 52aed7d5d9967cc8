"""What was divided of the pool never changes, and sums to what its months gave and to what its parts have."""

from django.db import migrations

from marketplace.lib.append_only import append_only

STANDS = """
-- What belongs to a division is written in its transaction.
ALTER TABLE payments_pooldivision ADD COLUMN tx xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE TRIGGER pool_division_stands BEFORE UPDATE ON payments_pooldivision FOR EACH ROW
    WHEN ((to_jsonb(OLD) - 'booked_at') IS DISTINCT FROM (to_jsonb(NEW) - 'booked_at') OR OLD.booked_at IS NOT NULL)
    EXECUTE FUNCTION floor_refuse_change();
CREATE TRIGGER pool_division_kept BEFORE DELETE ON payments_pooldivision
    FOR EACH ROW EXECUTE FUNCTION floor_refuse_change();
-- Its rows go with the account of whose they are; changed they are never.
CREATE TRIGGER pool_view_stands BEFORE UPDATE ON payments_poolview
    FOR EACH ROW EXECUTE FUNCTION floor_refuse_change();
"""
FALLS = """
DROP TRIGGER pool_division_stands ON payments_pooldivision;
DROP TRIGGER pool_division_kept ON payments_pooldivision;
DROP TRIGGER pool_view_stands ON payments_poolview;
ALTER TABLE payments_pooldivision DROP COLUMN tx;
"""
# Once a division, when its transaction ends; whatever is added in another one is refused.
SUMS = """
CREATE FUNCTION payments_pool_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    months numeric;
    given numeric;
    parts numeric;
    wrong bigint;
BEGIN
    SELECT coalesce(sum(divided_minor), 0), coalesce(sum(amount_minor), 0) INTO months, given
      FROM payments_poolmonth WHERE division_id = NEW.id;
    SELECT coalesce(sum(amount_minor), 0) INTO parts FROM payments_poolpart WHERE division_id = NEW.id;
    IF months <> NEW.amount_minor OR given - NEW.late_minor <> NEW.amount_minor OR parts <> NEW.amount_minor THEN
        RAISE EXCEPTION 'division % is %, its months sum to %, its parts to %', NEW.id, NEW.amount_minor, months, parts
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pool_sums';
    END IF;
    SELECT course_id INTO wrong FROM payments_poolpart WHERE division_id = NEW.id GROUP BY course_id, watched_in
    HAVING sum(amount_minor) <> min(course_minor) OR min(course_minor) <> max(course_minor)
        OR max(batch) >= NEW.batches LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'course % of division % is not the sum of its parts, or one of them is in no batch', wrong, NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pool_sums';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pool_sums AFTER INSERT ON payments_pooldivision DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_pool_sums();
CREATE FUNCTION payments_pool_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong bigint;
BEGIN
    SELECT division.id INTO wrong FROM payments_pooldivision division
     WHERE division.id IN (SELECT division_id FROM new_rows)
       AND (division.tx <> pg_current_xact_id()
            OR division.amount_minor < greatest(
               (SELECT sum(amount_minor) FROM payments_poolpart WHERE division_id = division.id),
               (SELECT sum(divided_minor) FROM payments_poolmonth WHERE division_id = division.id),
               (SELECT sum(amount_minor) FROM payments_poolmonth WHERE division_id = division.id)
               - division.late_minor));
    IF FOUND THEN
        RAISE EXCEPTION 'division % is made, or does not have that much', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pool_sums';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER pool_parts_fit AFTER INSERT ON payments_poolpart REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_pool_fits();
CREATE TRIGGER pool_months_fit AFTER INSERT ON payments_poolmonth REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_pool_fits();
CREATE FUNCTION payments_pool_is_booked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    booked numeric;
BEGIN
    SELECT coalesce(sum(posting.amount_minor), 0) INTO booked FROM generate_series(0, NEW.batches - 1) AS batch
      JOIN payments_ledgerentry entry ON entry.idem_key = 'pool:' || NEW.id || ':' || batch
      JOIN payments_ledgerposting posting ON posting.entry_id = entry.id
      JOIN payments_ledgeraccount account ON account.id = posting.account_id AND account.kind = 'pool';
    IF booked <> NEW.amount_minor THEN
        RAISE EXCEPTION 'division % is %, its entries sum to %', NEW.id, NEW.amount_minor, booked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pool_is_booked';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pool_is_booked BEFORE UPDATE OF booked_at ON payments_pooldivision FOR EACH ROW
    WHEN (NEW.booked_at IS NOT NULL) EXECUTE FUNCTION payments_pool_is_booked();
"""
NO_SUMS = """
DROP TRIGGER pool_is_booked ON payments_pooldivision;
DROP FUNCTION payments_pool_is_booked();
DROP TRIGGER pool_months_fit ON payments_poolmonth;
DROP TRIGGER pool_parts_fit ON payments_poolpart;
DROP FUNCTION payments_pool_fits();
DROP TRIGGER pool_sums ON payments_pooldivision;
DROP FUNCTION payments_pool_sums();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_pool"), ("floor", "0002_records")]
    operations = [
        migrations.RunSQL(STANDS, FALLS),
        append_only("payments_poolmonth"),
        append_only("payments_poolpart"),
        migrations.RunSQL(SUMS, NO_SUMS),
    ]
