"""When a payout was last asked for stands beside when its key was first used; a run may pass over what is claimed."""

from django.db import migrations, models

REASONS = [
    ("below_minimum", "Below the minimum"),
    ("rights_claimed", "Waits for a claim"),
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
]
# Nobody noted when those that are under way were last asked for: it may have been just now. What the version before
# begins meanwhile counts from its first call, which is long settled when its key has aged.
JUST_NOW = "UPDATE payments_payout SET asked_at = now() WHERE state = 'submitting' AND rail = 'stripe_transfer'"


class Migration(migrations.Migration):
    dependencies = [("payments", "0015_all_of_the_providers_currencies")]

    operations = [
        migrations.AddField("payout", "asked_at", models.DateTimeField(null=True)),
        migrations.AlterField("payoutskip", "reason", models.CharField(max_length=28, choices=REASONS)),
        migrations.RunSQL(JUST_NOW, migrations.RunSQL.noop),
    ]
