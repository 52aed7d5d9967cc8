"""Which changes a learner has seen, and what she says is out of date."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0018_freshness"),
        ("learners", "0009_written_often"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OutdatedReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lesson_key", models.UUIDField(null=True)),
                ("text", models.CharField(max_length=300)),
                ("said_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.course"
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.version"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["course", "said_at"], name="outdated_of_course")],
                "constraints": [
                    models.UniqueConstraint(fields=("learner", "version"), name="one_outdated_report_a_version"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="an_outdated_report_says_what"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SeenChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lesson_key", models.UUIDField(null=True)),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.course"
                    ),
                ),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.version"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["learner", "course"], name="seen_change_of_learner")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("learner", "version", "lesson_key"), name="one_look_at_a_change", nulls_distinct=False
                    )
                ],
            },
        ),
    ]
