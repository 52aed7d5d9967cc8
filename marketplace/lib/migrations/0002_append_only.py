from django.db import migrations

from marketplace.lib.append_only import REFUSE_CHANGE, append_only


class Migration(migrations.Migration):
    dependencies = [("floor", "0001_initial")]
    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION floor_refuse_change()"),
        append_only("floor_clockshift"),
    ]
