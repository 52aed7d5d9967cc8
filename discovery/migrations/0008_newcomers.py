"""New courses with the looks that they had, and the public figures of exposure."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0007_ratings_moved_index"),
        ("creators", "0002_records"),
        ("discovery", "0007_matching_readings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Exposure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True)),
                ("reckoned_at", models.DateTimeField()),
                ("gini", models.FloatField()),
                ("looks", models.BigIntegerField()),
                ("new_looks", models.BigIntegerField(help_text="those at courses in their first days")),
                ("curve", models.JSONField()),
                ("courses_ended", models.PositiveIntegerField()),
                ("courses_had", models.PositiveIntegerField()),
                ("creators_ended", models.PositiveIntegerField()),
                ("creators_had", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("courses_had__lte", models.F("courses_ended")),
                            ("creators_had__lte", models.F("creators_ended")),
                        ),
                        name="who_had_looks_is_among_them",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Newcomer",
            fields=[
                (
                    "course",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="newcomer",
                        serialize=False,
                        to="courses.course",
                    ),
                ),
                ("published_at", models.DateTimeField()),
                ("is_first", models.BooleanField(help_text="the first course of its creator")),
                ("language", models.CharField(max_length=12)),
                ("audience", models.CharField(blank=True, max_length=12)),
                ("looks", models.PositiveIntegerField(default=0)),
                ("had_at", models.DateTimeField(help_text="when it had as many as it is granted", null=True)),
                ("is_owed", models.BooleanField()),
                (
                    "creator",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="creators.creator",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("audience"),
                        models.F("looks"),
                        models.OrderBy(models.F("is_first"), descending=True),
                        models.OrderBy(models.F("published_at"), descending=True),
                        models.OrderBy(models.F("course"), descending=True),
                        condition=models.Q(("is_owed", True)),
                        name="newcomer_owed",
                    ),
                    models.Index(fields=["published_at"], name="newcomer_days"),
                ],
            },
        ),
    ]
