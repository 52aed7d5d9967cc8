"""Payouts by bank that came back after they had been written down as carried out."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from marketplace.lib.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("floor", "0002_append_only"),
        ("payments", "0063_what_was_sold_stands"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BankReturn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sent_back", "The bank sent it back"),
                            ("never_left", "It was written down as carried out by mistake"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reference", models.CharField(max_length=140)),
                ("reason", models.CharField(max_length=500)),
                ("noted_at", models.DateTimeField()),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="payments.bankorder"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="BankReturnVerdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("confirms", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "back",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="verdict", to="payments.bankreturn"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.bankorder"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="bankreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("reference", ""), _negated=True), models.Q(("reason", ""), _negated=True)),
                name="bank_return_has_reference_and_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankreturnverdict",
            constraint=models.UniqueConstraint(
                condition=models.Q(("confirms", True)), fields=("order",), name="a_bank_order_comes_back_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="bankreturnverdict",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirms", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="bank_return_declined_for_a_reason",
            ),
        ),
        append_only("payments_bankreturn"),
        append_only("payments_bankreturnverdict"),
    ]
