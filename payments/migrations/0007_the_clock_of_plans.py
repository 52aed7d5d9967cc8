"""Plans remind of their parts, their pauses end, and customers that nothing needs are forgotten by the provider."""

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0005_first_shelves"),
        ("creators", "0002_records"),
        ("payments", "0006_first_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomerRelease",
            fields=[
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("lease_until", models.DateTimeField(editable=False, null=True)),
                ("finished_at", models.DateTimeField(editable=False, null=True)),
                ("dead_at", models.DateTimeField(editable=False, null=True)),
                ("last_error", models.TextField(blank=True, editable=False)),
                ("customer_id", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            ],
        ),
        migrations.AddField(
            model_name="instalmentplan",
            name="told_part",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="orderitem",
            name="gave_way",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="planpause",
            name="told_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="instalmentplan",
            name="end_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("refunded", "The course was given back, so its open parts are canceled."),
                    ("disputed", "A payment was disputed and lost, so the open parts are canceled."),
                    ("course_gone", "The course is not offered any more, so its open parts are canceled."),
                    ("right_ended", "Your access to the course has ended, so the open parts are canceled."),
                    ("unpaid", "A part was not paid for half a year, so the plan and the access have ended."),
                    ("forgotten", "The account was deleted."),
                ],
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="customerrelease",
            index=models.Index(
                condition=models.Q(("dead_at", None), ("finished_at", None)),
                fields=["due_at"],
                name="customer_release_due",
            ),
        ),
    ]
