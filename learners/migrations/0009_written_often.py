"""Rows that each report of watching changes lie in pages with room, and no index holds what is changed.

So PostgreSQL writes a new state beside the old one (HOT) and touches no index.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_OFTEN = ("learners_watchsession", "learners_watchmeter", "learners_lessonprogress")
_WITH_ROOM = "".join(f"ALTER TABLE {table} SET (fillfactor = 70);" for table in _OFTEN)
_AS_BEFORE = "".join(f"ALTER TABLE {table} RESET (fillfactor);" for table in _OFTEN)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0005_indexes"),
        ("learners", "0008_paths"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="lessonprogress", name="progress_of_learner"),
        migrations.AlterField(
            model_name="lessonprogress",
            name="learner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lesson_progress",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="lessonprogress",
            index=models.Index(fields=["learner", "course"], name="progress_in_course"),
        ),
        migrations.RunSQL(_WITH_ROOM, _AS_BEFORE),
    ]
