"""The meter's trigger looks after the update: before it, PostgreSQL would lock and log each row once more.

And most reports leave the gaps as they are, so that there is nothing to reckon.
"""

from django.db import migrations

_TRIGGER = """
DROP TRIGGER learners_watchmeter_only_spends ON learners_watchmeter;
CREATE TRIGGER learners_watchmeter_only_spends {when} UPDATE ON learners_watchmeter
    FOR EACH ROW WHEN ((OLD.spent_until IS NULL OR NEW.spent_until >= OLD.spent_until AND ({same}
        NEW.gaps <@ (OLD.gaps + tstzmultirange(tstzrange(OLD.spent_until, NEW.spent_until))))) IS NOT TRUE)
    EXECUTE FUNCTION learners_meter_only_spends();
"""


class Migration(migrations.Migration):
    dependencies = [("learners", "0015_meter_gaps")]
    operations = [
        migrations.RunSQL(
            _TRIGGER.format(when="AFTER", same="NEW.gaps = OLD.gaps OR"), _TRIGGER.format(when="BEFORE", same="")
        )
    ]
