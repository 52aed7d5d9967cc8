"""What was divided of the pool never changes, and sums to what its months gave and to what its parts have."""

from django.db import migrations

from marketplace.lib.append_only import append_only

STANDS = """
CREATE TRIGGER pool_division_stands BEFORE UPDATE ON payments_pooldivision FOR EACH ROW
    WHEN ((to_jsonb(OLD) - 'booked_at') IS DISTINCT FROM (to_jsonb(NEW) - 'booked_at') OR OLD.booked_at IS NOT NULL)
    EXECUTE FUNCTION floor_refuse_change();
CREATE TRIGGER pool_division_kept BEFORE DELETE ON payments_pooldivision
    FOR EACH ROW EXECUTE FUNCTION floor_refuse_change();
CREATE TRIGGER pool_part_stands BEFORE UPDATE ON payments_poolpart FOR EACH ROW
    WHEN ((to_jsonb(OLD) - 'freed_at') IS DISTINCT FROM (to_jsonb(NEW) - 'freed_at') OR OLD.freed_at IS NOT NULL)
    EXECUTE FUNCTION floor_refuse_change();
CREATE TRIGGER pool_part_kept BEFORE DELETE ON payments_poolpart
    FOR EACH ROW EXECUTE FUNCTION floor_refuse_change();
-- Its rows go with the account of whose they are; changed they are never.
CREATE TRIGGER pool_view_stands BEFORE UPDATE ON payments_poolview
    FOR EACH ROW EXECUTE FUNCTION floor_refuse_change();
"""
FALLS = """
DROP TRIGGER pool_division_stands ON payments_pooldivision;
DROP TRIGGER pool_division_kept ON payments_pooldivision;
DROP TRIGGER pool_part_stands ON payments_poolpart;
DROP TRIGGER pool_part_kept ON payments_poolpart;
DROP TRIGGER pool_view_stands ON payments_poolview;
"""
# Once a division, when its transaction ends; and whatever is added to it later makes it too much.
SUMS = """
CREATE FUNCTION payments_pool_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    months numeric;
    given numeric;
    parts numeric;
BEGIN
    SELECT coalesce(sum(divided_minor), 0), coalesce(sum(amount_minor), 0) INTO months, given
      FROM payments_poolmonth WHERE division_id = NEW.id;
    SELECT coalesce(sum(amount_minor), 0) INTO parts FROM payments_poolpart WHERE division_id = NEW.id;
    IF months <> NEW.amount_minor OR given - NEW.late_minor <> NEW.amount_minor OR parts <> NEW.amount_minor THEN
        RAISE EXCEPTION 'division % is %, its months sum to %, its parts to %', NEW.id, NEW.amount_minor, months, parts
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pool_sums';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pool_sums AFTER INSERT ON payments_pooldivision DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payments_pool_sums();
CREATE FUNCTION payments_pool_not_more() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wrong bigint;
BEGIN
    SELECT division.id INTO wrong FROM payments_pooldivision division
     WHERE division.id IN (SELECT division_id FROM new_rows)
       AND division.amount_minor < greatest(
           (SELECT sum(amount_minor) FROM payments_poolpart WHERE division_id = division.id),
           (SELECT sum(divided_minor) FROM payments_poolmonth WHERE division_id = division.id));
    IF FOUND THEN
        RAISE EXCEPTION 'division % does not have that much', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pool_sums';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER pool_parts_fit AFTER INSERT ON payments_poolpart REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_pool_not_more();
CREATE TRIGGER pool_months_fit AFTER INSERT ON payments_poolmonth REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION payments_pool_not_more();
"""
NO_SUMS = """
DROP TRIGGER pool_months_fit ON payments_poolmonth;
DROP TRIGGER pool_parts_fit ON payments_poolpart;
DROP FUNCTION payments_pool_not_more();
DROP TRIGGER pool_sums ON payments_pooldivision;
DROP FUNCTION payments_pool_sums();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_pool"), ("floor", "0002_records")]
    operations = [
        migrations.RunSQL(STANDS, FALLS),
        append_only("payments_poolmonth"),
        migrations.RunSQL(SUMS, NO_SUMS),
    ]
