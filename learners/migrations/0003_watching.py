"""What is written with each report of watching: how its rows lie, and that spent time is never given back."""

from django.db import migrations

# Rows that each report changes lie in pages with room, and no index holds what is changed. So PostgreSQL writes a new
# state beside the old one (HOT) and touches no index.
OFTEN = ("learners_watchsession", "learners_watchmeter", "learners_lessonprogress")
WITH_ROOM = "".join(f"ALTER TABLE {table} SET (fillfactor = 70);" for table in OFTEN)
AS_BEFORE = "".join(f"ALTER TABLE {table} RESET (fillfactor);" for table in OFTEN)
# Meters and sessions are written without them too: there is no gap, and nothing was played twice.
EMPTY = """
ALTER TABLE learners_watchmeter ALTER COLUMN gaps SET DEFAULT '{}';
ALTER TABLE learners_watchsession ALTER COLUMN replayed SET DEFAULT '{}';
"""
# What may be unspent afterwards: what was, and nothing else. NULL, a meter that nothing was spent of, is endless.
ONLY_SPENDS = """
ALTER TABLE learners_watchmeter ADD CONSTRAINT gaps_lie_before_the_mark
    CHECK (isempty(gaps) OR upper(gaps) <= spent_until IS TRUE);
CREATE FUNCTION learners_meter_only_spends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'meter of learner %: spent time cannot be given back', OLD.learner_id
        USING ERRCODE = 'restrict_violation';
END $$;
-- It looks after the update: before it, PostgreSQL would lock and log each row once more. And most reports leave the
-- gaps as they are, so that there is nothing to reckon.
CREATE TRIGGER learners_watchmeter_only_spends AFTER UPDATE ON learners_watchmeter
    FOR EACH ROW WHEN ((OLD.spent_until IS NULL OR NEW.spent_until >= OLD.spent_until AND (NEW.gaps = OLD.gaps OR
        NEW.gaps <@ (OLD.gaps + tstzmultirange(tstzrange(OLD.spent_until, NEW.spent_until))))) IS NOT TRUE)
    EXECUTE FUNCTION learners_meter_only_spends();
"""
UNDO_ONLY_SPENDS = """
DROP TRIGGER learners_watchmeter_only_spends ON learners_watchmeter;
DROP FUNCTION learners_meter_only_spends();
ALTER TABLE learners_watchmeter DROP CONSTRAINT gaps_lie_before_the_mark;
"""


class Migration(migrations.Migration):
    replaces = [("learners", "0016_meter_trigger_is_quick")]
    dependencies = [
        ("learners", "0002_records"),
    ]
    operations = [
        migrations.RunSQL(WITH_ROOM, AS_BEFORE),
        migrations.RunSQL(EMPTY, migrations.RunSQL.noop),
        migrations.RunSQL(ONLY_SPENDS, UNDO_ONLY_SPENDS),
    ]
