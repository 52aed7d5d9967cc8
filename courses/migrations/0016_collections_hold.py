"""What a collection said stays as it was."""

from django.db import migrations

from marketplace.lib.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("courses", "0015_collections"), ("floor", "0002_append_only")]
    operations = [append_only("courses_collectionedition")]
