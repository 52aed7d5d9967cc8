"""What creators answer to findings is a record."""

import django.db.models.deletion
from django.db import migrations, models

from marketplace.lib.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0022_waiting_submissions"),
        ("floor", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="FindingAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_mended", models.BooleanField()),
                ("text", models.TextField(blank=True, max_length=2000)),
                (
                    "finding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="courses.finding"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="courses.submission"
                    ),
                ),
            ],
            options={
                "ordering": ["finding_id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "finding"), name="one_answer_a_finding_and_submission"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_mended", True), models.Q(("text", ""), _negated=True), _connector="OR"),
                        name="what_is_left_has_its_reason",
                    ),
                ],
            },
        ),
        append_only("courses_findinganswer"),
    ]
