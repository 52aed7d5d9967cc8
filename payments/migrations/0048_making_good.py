"""Refunds name what ordered them; what the platform makes good of them is a row a share."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from marketplace.lib.append_only import append_only

# What is made good is just what a refund that has happened took of a seller's share.
FITS = """
CREATE FUNCTION payments_made_good_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM payments_refundshare s JOIN payments_refundline l ON l.id = s.line_id
      JOIN payments_refund r ON r.id = l.refund_id JOIN payments_makinggood m ON m.id = NEW.making_id
      JOIN payments_order o ON o.id = r.order_id
     WHERE s.id = NEW.share_id AND s.owner_id = NEW.owner_id AND s.amount_minor = NEW.amount_minor
       AND l.failed_at IS NULL AND r.state = 'done' AND r.origin = m.origin
       AND o.currency = NEW.currency AND o.book = NEW.book;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'made good is what a refund took' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER made_good_fits BEFORE INSERT ON payments_madegood
FOR EACH ROW EXECUTE FUNCTION payments_made_good_fits();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("creators", "0005_verifications_hold"),
        ("payments", "0047_orders_say_by_what_they_were_paid"),
        ("floor", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MadeGood",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
                (
                    "currency",
                    models.CharField(
                        choices=[
                            ("USD", "USD"),
                            ("EUR", "EUR"),
                            ("GBP", "GBP"),
                            ("CNY", "CNY"),
                            ("HKD", "HKD"),
                            ("SGD", "SGD"),
                            ("JPY", "JPY"),
                            ("KRW", "KRW"),
                            ("TWD", "TWD"),
                            ("KWD", "KWD"),
                        ],
                        max_length=3,
                    ),
                ),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="MakingGood",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(max_length=60, unique=True)),
                ("ordered_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="refund",
            name="origin",
            field=models.CharField(blank=True, db_default="", max_length=60),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sale", "Sale"),
                    ("fee", "Provider's fee"),
                    ("release", "Release"),
                    ("refund", "Refund"),
                    ("payout_hold", "Payout begun"),
                    ("payout_sent", "Payout sent"),
                    ("payout_void", "Payout withdrawn"),
                    ("reversal", "Reversal"),
                    ("payout_returned", "Payout came back"),
                    ("dispute_out", "Taken by a dispute"),
                    ("dispute_fee", "Fee of a dispute"),
                    ("dispute_back", "Given back by a dispute"),
                    ("dispute_lost", "Dispute lost"),
                    ("reserve", "Kept in reserve"),
                    ("reserve_release", "Out of the reserve"),
                    ("adjustment", "Adjustment"),
                    ("fx", "Currency exchanged"),
                    ("bank", "To our bank"),
                    ("write_off", "Written off"),
                    ("escrow", "Into escrow for a claim"),
                    ("escrow_back", "Out of escrow, back to its creator"),
                    ("award", "Out of escrow, to the claimant"),
                    ("award_back", "Taken back from the claimant"),
                    ("award_paid", "Income of an upheld claim"),
                    ("made_good", "Made good by Kezhan"),
                ],
                max_length=24,
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("origin", ""), _negated=True), fields=["origin"], name="refund_of_origin"
            ),
        ),
        migrations.AddField(
            model_name="madegood",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="creators.creator"
            ),
        ),
        migrations.AddField(
            model_name="madegood",
            name="share",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="made_good", to="payments.refundshare"
            ),
        ),
        migrations.AddField(
            model_name="makinggood",
            name="ordered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="madegood",
            name="making",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="payments.makinggood"
            ),
        ),
        migrations.AddIndex(
            model_name="makinggood",
            index=models.Index(condition=models.Q(("closed_at", None)), fields=["id"], name="making_good_open"),
        ),
        migrations.AddConstraint(
            model_name="madegood",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="made_good_is_something"
            ),
        ),
        append_only("payments_madegood"),
        migrations.RunSQL(
            FITS, "DROP TRIGGER made_good_fits ON payments_madegood; DROP FUNCTION payments_made_good_fits();"
        ),
    ]
