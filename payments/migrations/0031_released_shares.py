"""Released shares wait in a table of their own; a reserve is a part of one share."""

import django.db.models.deletion
from django.db import migrations, models

CURRENCIES = [(code, code) for code in ("USD", "EUR", "GBP", "CNY", "HKD", "SGD", "JPY", "KRW", "TWD", "KWD")]
BOOKS = [("live", "Live"), ("sandbox", "Sandbox")]
# What was released before and is in no standing payout waits from the beginning.
FILL = """
INSERT INTO payments_releasedshare (share_id, owner_id, book, currency, amount_minor)
SELECT share.id, share.owner_id, orders.book, orders.currency, share.amount_minor
  FROM payments_itemshare AS share
  JOIN payments_orderitem AS item ON item.id = share.item_id AND item.released_at IS NOT NULL
  JOIN payments_order AS orders ON orders.id = item.order_id
 WHERE share.owner_id IS NOT NULL AND share.amount_minor > 0 AND NOT EXISTS
       (SELECT FROM payments_payoutitem AS covered WHERE covered.share_id = share.id AND NOT covered.freed)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0030_links_and_coauthors"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReleasedShare",
            fields=[
                (
                    "share",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="waiting",
                        serialize=False,
                        to="payments.itemshare",
                    ),
                ),
                ("book", models.CharField(choices=BOOKS, max_length=8)),
                ("currency", models.CharField(choices=CURRENCIES, max_length=3)),
                ("amount_minor", models.PositiveBigIntegerField()),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="creators.creator",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["owner", "currency", "book"], name="released_share_of_owner")],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.DeleteModel(name="Reserve"),
        migrations.CreateModel(
            name="Reserve",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("book", models.CharField(choices=BOOKS, max_length=8)),
                ("currency", models.CharField(choices=CURRENCIES, max_length=3)),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("kept_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("returned_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reserves", to="creators.creator"
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reserves", to="payments.reserverule"
                    ),
                ),
                (
                    "share",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reserve", to="payments.itemshare"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("returned_at", None)), fields=["due_at"], name="reserve_due"),
                    models.Index(condition=models.Q(("returned_at", None)), fields=["owner"], name="reserve_kept_of"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="reserve_is_positive")
                ],
            },
        ),
    ]
