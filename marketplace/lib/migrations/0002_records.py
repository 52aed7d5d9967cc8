"""The function with which tables of record refuse changes, and the first of them."""

from django.db import migrations

from marketplace.lib.append_only import REFUSE_CHANGE, append_only


class Migration(migrations.Migration):
    replaces = [("floor", "0002_append_only")]
    dependencies = [
        # The last one that 0001_tables stands for, and not itself: a database that stands in between is refused (decision 105).
        ("floor", "0004_unsubscribe_url"),
    ]
    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION floor_refuse_change()"),
        append_only("floor_clockshift"),
    ]
