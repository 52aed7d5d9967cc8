"""Refunds on their way have their index, built while refunds are asked for: every batch of a payout run asks for them."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("payments", "0061_payout_accounts_fit_their_rail")]
    operations = [
        # There already, and not valid, where a build was cut short.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS refund_under_way", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "refund",
            models.Index(condition=models.Q(("state", "requested")), fields=["order"], name="refund_under_way"),
        ),
        migrations.AlterField(
            model_name="payoutskip",
            name="reason",
            field=models.CharField(
                choices=[
                    ("below_minimum", "Below the minimum"),
                    ("refunds_under_way", "Refunds on their way"),
                    ("negative_balance", "Negative balance"),
                    ("no_payout_account", "No payout account"),
                    ("payout_account_pending", "Payout account not finished"),
                    ("payout_account_restricted", "Payout account restricted"),
                    ("currency_by_bank", "Currency paid by bank order only"),
                    ("currency_by_provider", "Currency paid by the provider only"),
                    ("payout_account_changed", "Bank details changed lately"),
                    ("on_hold", "On hold"),
                    ("payouts_stopped", "Payouts stopped"),
                    ("run_cap", "Over the cap of a run"),
                ],
                max_length=28,
            ),
        ),
    ]
