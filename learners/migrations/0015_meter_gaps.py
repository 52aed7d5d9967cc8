"""The meter remembers the gaps before its mark; the database refuses to give spent time back.

A meter of before has no gaps: what its mark had passed stays passed. Until the new code runs, the old one moves the
mark alone, which spends the time between.
"""

from django.db import migrations

import learners.fields

# What may be unspent afterwards: what was, and nothing else. NULL, a meter that nothing was spent of, is endless.
ONLY_SPENDS = """
ALTER TABLE learners_watchmeter ALTER COLUMN gaps SET DEFAULT '{}';
ALTER TABLE learners_watchmeter ADD CONSTRAINT gaps_lie_before_the_mark
    CHECK (isempty(gaps) OR upper(gaps) <= spent_until IS TRUE);
CREATE FUNCTION learners_meter_only_spends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'meter of learner %: spent time cannot be given back', OLD.learner_id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER learners_watchmeter_only_spends BEFORE UPDATE ON learners_watchmeter
    FOR EACH ROW WHEN ((OLD.spent_until IS NULL OR NEW.spent_until >= OLD.spent_until
        AND NEW.gaps <@ (OLD.gaps + tstzmultirange(tstzrange(OLD.spent_until, NEW.spent_until)))) IS NOT TRUE)
    EXECUTE FUNCTION learners_meter_only_spends();
"""
AS_BEFORE = """
DROP TRIGGER learners_watchmeter_only_spends ON learners_watchmeter;
DROP FUNCTION learners_meter_only_spends();
ALTER TABLE learners_watchmeter DROP CONSTRAINT gaps_lie_before_the_mark;
"""


class Migration(migrations.Migration):
    dependencies = [("learners", "0014_work_hidings")]

    operations = [
        migrations.AddField(
            model_name="watchmeter",
            name="gaps",
            field=learners.fields.TimesField(
                help_text="unspent wall time before the mark that a report may still come for"
            ),
        ),
        migrations.RunSQL(ONLY_SPENDS, AS_BEFORE),
    ]
