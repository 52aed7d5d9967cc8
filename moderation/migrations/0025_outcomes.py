"""All who reported hear when what they were told is so no more: a row of work a change."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0024_forget_appeals"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutcomeChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("lease_until", models.DateTimeField(editable=False, null=True)),
                ("finished_at", models.DateTimeField(editable=False, null=True)),
                ("dead_at", models.DateTimeField(editable=False, null=True)),
                ("last_error", models.TextField(blank=True, editable=False)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("dismissed", "found in order"),
                            ("upheld", "you were right"),
                            ("taken_back", "you were right; taken back since"),
                            ("overturned", "overturned on appeal"),
                        ],
                        max_length=12,
                    ),
                ),
                ("through_report_id", models.BigIntegerField(default=0)),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="moderation.measure"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("dead_at", None), ("finished_at", None)),
                        fields=["due_at"],
                        name="outcome_change_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("measure", "outcome"), name="one_change_an_outcome"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["taken_back", "overturned"])), name="an_outcome_changes_to"
                    ),
                ],
            },
        ),
    ]
