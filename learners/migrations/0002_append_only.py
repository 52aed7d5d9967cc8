from django.db import migrations

from marketplace.lib.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("learners", "0001_initial"), ("floor", "0002_append_only")]
    operations = [append_only("learners_watchreport")]
