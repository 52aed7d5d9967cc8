"""Where creators' accounts stood is sealed with each day from now on; seals of before stay as they are."""

import django.db.models.deletion
from django.db import migrations, models

from marketplace.lib.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("payments", "0016_when_a_payout_was_last_asked_for")]

    operations = [
        migrations.AddField(
            model_name="ledgerseal",
            name="accounts",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.CreateModel(
            name="SealedAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lines", models.PositiveBigIntegerField()),
                ("amount_minor", models.BigIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="stands",
                        to="payments.ledgeraccount",
                    ),
                ),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stands", to="payments.ledgerseal"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "seal"), name="an_account_once_a_seal")
                ]
            },
        ),
        append_only("payments_sealedaccount"),
    ]  # fmt: skip
