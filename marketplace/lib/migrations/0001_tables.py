"""The tables, as the models say them. What the models cannot say follows in the files behind this one."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from marketplace.lib.tables import Tables

TABLES = [
    migrations.CreateModel(
        name="ClockShift",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("seconds", models.PositiveBigIntegerField()),
            ("moved_at", models.DateTimeField(auto_now_add=True)),
            (
                "moved_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Mail",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            ("key", models.CharField(max_length=200, unique=True)),
            ("to", models.EmailField(max_length=254)),
            ("language", models.CharField(max_length=12)),
            ("subject", models.CharField(max_length=300)),
            ("text", models.TextField()),
            ("html", models.TextField(blank=True)),
            ("unsubscribe_url", models.CharField(blank=True, db_default="", max_length=500)),
            ("posted_at", models.DateTimeField(auto_now_add=True)),
        ],
        options={
            "indexes": [
                models.Index(
                    condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="mail_due"
                )
            ]
        },
    ),
]


class Migration(migrations.Migration):
    initial = True

    # The files of before that this one stands for (decision 105). Each that follows stands for one of its own, so that a
    # migration of an empty database that was cut short goes on where it was.
    replaces = [("floor", name) for name in ["0001_initial", "0003_work_rounds", "0004_unsubscribe_url"]]

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [Tables(TABLES)]
