"""What a badge stood on stays as it was decided."""

from django.db import migrations

from marketplace.lib.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("creators", "0004_institutions"), ("floor", "0002_append_only")]
    operations = [append_only("creators_verification")]
