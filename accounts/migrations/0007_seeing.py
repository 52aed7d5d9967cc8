import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from marketplace.lib.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_role_grants_hold"),
        ("floor", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Seeing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300)),
                ("began_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seen_by_staff",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by", models.F("person")), _negated=True), name="nobody_sees_as_herself"
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="seen_for_a_reason"),
                ],
            },
        ),
        append_only("accounts_seeing"),
    ]
