"""That a late appeal was told is a row, so that none waits behind those that were."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from marketplace.lib.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0026_recalls"),
        ("floor", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="AppealReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "appeal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reminder", to="moderation.appeal"
                    ),
                ),
            ],
        ),
        append_only("moderation_appealreminder"),
    ]
