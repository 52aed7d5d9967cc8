"""Tables of record of courses, paths and collections."""

from django.db import migrations

from marketplace.lib.append_only import append_only


class Migration(migrations.Migration):
    replaces = [("courses", "0002_rules")]
    dependencies = [
        # The last one that 0001_tables stands for, and not itself: a database that stands in between is refused (decision 105).
        ("courses", "0030_kept_from_lists"),
        ("floor", "0002_records"),
    ]
    operations = [
        append_only("courses_pricechange"),
        append_only("courses_decision"),
        append_only("courses_finding"),
        append_only("courses_findinganswer"),
        append_only("courses_picture"),
        append_only("courses_watermarkchoice"),
        append_only("courses_reminderchoice"),
        append_only("courses_subjectcheck"),
        append_only("courses_pathdecision"),
        append_only("courses_pathclosure"),
        append_only("courses_collectionedition"),
    ]
