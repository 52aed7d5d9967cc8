"""What a badge stood on stays as it was decided."""

from django.db import migrations

from marketplace.lib.append_only import append_only


class Migration(migrations.Migration):
    replaces = [("creators", "0005_verifications_hold")]
    dependencies = [
        # The last one that 0001_tables stands for, and not itself: a database that stands in between is refused (decision 105).
        ("creators", "0004_institutions"),
        ("floor", "0002_records"),
    ]
    operations = [
        append_only("creators_verification"),
    ]
