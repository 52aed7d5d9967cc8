"""What a course was checked with, when its creator is reminded, and since when it is out of date."""

import datetime

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from marketplace.lib.append_only import append_only

FAST_SHELVES = "UPDATE courses_category SET is_fast_moving = true WHERE slug IN ('programming', 'data-ai')"


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0017_listings"),
        ("floor", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="is_fast_moving",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="courses are stale after 18 months without a version or a check",
            ),
        ),
        migrations.AddField(
            model_name="course",
            name="remind_after_days",
            field=models.PositiveSmallIntegerField(blank=True, db_default=365, default=365, null=True),
        ),
        migrations.AddField(
            model_name="course",
            name="stale_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="course",
            name="stale_reason",
            field=models.CharField(blank=True, db_default="", max_length=8),
        ),
        migrations.CreateModel(
            name="ReminderChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("after_days", models.PositiveSmallIntegerField(null=True)),
                ("chosen_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "chosen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminder_choices",
                        to="courses.course",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("after_days", None), ("after_days__in", [90, 180, 365]), _connector="OR"),
                        name="reminder_days",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SubjectCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=40)),
                ("version", models.CharField(blank=True, max_length=24)),
                ("checked_on", models.DateField()),
                ("is_dropped", models.BooleanField(default=False)),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="courses.course"
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["course", "id"], name="check_of_course")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("subject", ""), _negated=True), name="check_names_a_thing"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("checked_on__gte", datetime.date(2000, 1, 1))), name="check_has_a_day"
                    ),
                ],
            },
        ),
        append_only("courses_reminderchoice"),
        append_only("courses_subjectcheck"),
        migrations.RunSQL(FAST_SHELVES, migrations.RunSQL.noop),
    ]
