"""Facets lie in the row that is read with them. A vector in Chinese filled the row, and they were put aside: three more
pages for each hit. Rows come to it as they are written.
"""

from django.db import migrations

IN_PLACE = """
SET LOCAL lock_timeout = '5s';
ALTER TABLE discovery_entry ALTER COLUMN facts SET STORAGE MAIN;
ALTER TABLE discovery_entry SET (toast_tuple_target = 4080);
"""
ASIDE = """
ALTER TABLE discovery_entry ALTER COLUMN facts SET STORAGE EXTENDED;
ALTER TABLE discovery_entry RESET (toast_tuple_target);
"""


class Migration(migrations.Migration):
    dependencies = [("discovery", "0003_signs")]
    # It holds the table for a moment: behind a long search it gives up, and `migrate` is run again.
    operations = [migrations.RunSQL(IN_PLACE, ASIDE)]
