from django.db import migrations, models
from django.db.models import Q

# Whoever gave bank details was turned to her bank at once, with the provider's account still as the destination. What
# finance has not confirmed goes back; the provider is asked before the next run whether the account is ready.
UNCONFIRMED = """
UPDATE payments_payoutaccount SET rail = 'stripe_transfer', state = 'pending'
WHERE rail = 'manual_bank_file' AND left(provider_account_id, 5) <> 'bank_';
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0060_currency_rails")]

    operations = [
        migrations.AddField(
            model_name="payoutaccount",
            name="kept_account_id",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.RunSQL(UNCONFIRMED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="payoutaccount",
            constraint=models.CheckConstraint(
                condition=(Q(rail="stripe_transfer", kept_account_id="") & ~Q(provider_account_id__startswith="bank_"))
                | Q(rail="manual_bank_file", provider_account_id__regex="^bank_[0-9]+$")
                | Q(rail="manual_bank_file", provider_account_id__startswith="bank_of_", state="pending"),
                name="payout_account_fits_its_rail",
            ),
        ),
    ]
