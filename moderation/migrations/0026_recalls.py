"""An announced wording that is withdrawn is told to whom it was announced."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0025_outcomes"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeRecall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("lease_until", models.DateTimeField(editable=False, null=True)),
                ("finished_at", models.DateTimeField(editable=False, null=True)),
                ("dead_at", models.DateTimeField(editable=False, null=True)),
                ("last_error", models.TextField(blank=True, editable=False)),
                ("through_creator_id", models.BigIntegerField(default=0)),
                (
                    "rule",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recall", to="moderation.ruleversion"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("dead_at", None), ("finished_at", None)),
                        fields=["due_at"],
                        name="recall_due",
                    )
                ],
            },
        ),
    ]
