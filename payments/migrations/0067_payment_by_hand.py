"""Payment by hand: ways that finance set up, orders that wait for it, arrivals and what became of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from marketplace.lib.append_only import append_only

# An order is paid on the provider's page or by hand, never both; and what the buyer was told to pay stays.
ONE_WAY = """
CREATE FUNCTION payments_no_page_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM payments_handpayment WHERE order_id = NEW.id) THEN
        RAISE EXCEPTION 'order % is paid by hand: no page for it', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER order_no_page_by_hand BEFORE UPDATE OF checkout_session_id ON payments_order FOR EACH ROW
    WHEN (NEW.checkout_session_id IS NOT NULL AND OLD.checkout_session_id IS NULL)
    EXECUTE FUNCTION payments_no_page_by_hand();

CREATE FUNCTION payments_hand_payment_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT FROM payments_order WHERE id = NEW.order_id AND checkout_session_id IS NOT NULL) THEN
            RAISE EXCEPTION 'order % has a page to pay on', NEW.order_id USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF TG_OP = 'DELETE' OR OLD.sent_at IS NOT NULL
       OR (OLD.order_id, OLD.way_id, OLD.reference, OLD.chosen_at)
          IS DISTINCT FROM (NEW.order_id, NEW.way_id, NEW.reference, NEW.chosen_at) THEN
        RAISE EXCEPTION 'how an order is paid by hand does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hand_payment_stays BEFORE INSERT OR UPDATE OR DELETE ON payments_handpayment FOR EACH ROW
    EXECUTE FUNCTION payments_hand_payment_stays();
"""
UNDO_ONE_WAY = """
DROP TRIGGER order_no_page_by_hand ON payments_order; DROP FUNCTION payments_no_page_by_hand;
DROP TRIGGER hand_payment_stays ON payments_handpayment; DROP FUNCTION payments_hand_payment_stays;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("floor", "0002_append_only"),
        ("payments", "0066_promoters_have_tiers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
                ("received_on", models.DateField()),
                ("amount_minor", models.PositiveBigIntegerField()),
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
                ("bank_reference", models.CharField(max_length=80)),
                ("noted_at", models.DateTimeField()),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="payments.arrival",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ArrivalPayer",
            fields=[
                (
                    "arrival",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="payer",
                        serialize=False,
                        to="payments.arrival",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120)),
                ("text", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="PaymentWay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
                ("code", models.SlugField(max_length=40)),
                ("version", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bank_transfer", "Bank transfer"),
                            ("alipay", "Alipay"),
                            ("wechat_pay", "WeChat Pay"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
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
                        verbose_name="currency",
                    ),
                ),
                ("name_en", models.CharField(max_length=60, verbose_name="name in English")),
                ("name_zh", models.CharField(max_length=60, verbose_name="name in Chinese")),
                ("holder", models.CharField(max_length=70, verbose_name="account holder")),
                ("account", models.CharField(blank=True, max_length=34, verbose_name="account number or IBAN")),
                (
                    "bank_code",
                    models.CharField(blank=True, max_length=16, verbose_name="BIC (SWIFT code) or bank code"),
                ),
                (
                    "instructions_en",
                    models.TextField(blank=True, max_length=1000, verbose_name="what to do, in English"),
                ),
                (
                    "instructions_zh",
                    models.TextField(blank=True, max_length=1000, verbose_name="what to do, in Chinese"),
                ),
                ("qr", models.ImageField(blank=True, upload_to="ways/", verbose_name="picture of a QR code")),
                ("is_on", models.BooleanField(default=True, verbose_name="new orders may be paid so")),
                ("set_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=500)),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HandPayment",
            fields=[
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="hand_payment",
                        serialize=False,
                        to="payments.order",
                    ),
                ),
                ("reference", models.CharField(max_length=12, unique=True)),
                ("chosen_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "way",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_payments",
                        to="payments.paymentway",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="arrival",
            name="way",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.paymentway"
            ),
        ),
        migrations.CreateModel(
            name="ArrivalStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unmatched", "Pays no order"),
                            ("waiting", "Waits for a second person"),
                            ("booked", "Paid its order"),
                            ("withdrawn", "Noted by mistake"),
                            ("to_send_back", "To be sent back"),
                            ("sent_back", "Sent back"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "–"),
                            ("no_order", "It names no order."),
                            ("short", "It is less than the order costs."),
                            ("over", "It is more than the order costs."),
                            ("currency", "It is in another currency than the order."),
                            ("ended", "The order had ended before."),
                            ("paid", "The order was paid before."),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("bank_reference", models.CharField(blank=True, max_length=80)),
                ("at", models.DateTimeField()),
                (
                    "arrival",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="payments.arrival"
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="arrival_steps",
                        to="payments.order",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["arrival", "-id"], name="arrival_step_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["booked", "withdrawn", "to_send_back"])),
                        fields=("arrival",),
                        name="an_arrival_ends_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "sent_back")),
                        fields=("arrival",),
                        name="an_arrival_goes_back_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("order__isnull", False), ("state", "booked")),
                            models.Q(("order__isnull", False), ("state", "waiting")),
                            models.Q(("state", "unmatched"), models.Q(("why", ""), _negated=True)),
                            models.Q(
                                ("state__in", ["withdrawn", "to_send_back"]), models.Q(("reason", ""), _negated=True)
                            ),
                            models.Q(("state", "sent_back"), models.Q(("bank_reference", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="arrival_step_says_what_it_must",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandRefund",
            fields=[
                (
                    "refund",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="by_hand",
                        serialize=False,
                        to="payments.refund",
                    ),
                ),
                ("book", models.CharField(max_length=8)),
                ("bank_reference", models.CharField(max_length=80)),
                ("sent_on", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("book", "bank_reference"), name="one_hand_refund_a_bank_reference"),
                    models.CheckConstraint(
                        condition=models.Q(("bank_reference", ""), _negated=True),
                        name="hand_refund_has_a_bank_reference",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="paymentway",
            constraint=models.UniqueConstraint(fields=("book", "code", "version"), name="one_version_of_a_payment_way"),
        ),
        migrations.AddConstraint(
            model_name="paymentway",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name_en", ""), _negated=True),
                    models.Q(("name_zh", ""), _negated=True),
                    models.Q(("holder", ""), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                ),
                name="payment_way_is_named_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentway",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "bank_transfer"), models.Q(("account", ""), _negated=True)),
                    models.Q(models.Q(("kind", "bank_transfer"), _negated=True), models.Q(("qr", ""), _negated=True)),
                    _connector="OR",
                ),
                name="payment_way_leads_somewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="arrival",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaces", None)),
                fields=("book", "bank_reference"),
                name="one_arrival_a_bank_reference",
            ),
        ),
        migrations.AddConstraint(
            model_name="arrival",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0), models.Q(("bank_reference", ""), _negated=True)),
                name="arrival_is_something_of_a_bank",
            ),
        ),
        migrations.RunSQL(ONE_WAY, UNDO_ONE_WAY),
        append_only("payments_paymentway"),
        append_only("payments_arrival"),
        append_only("payments_arrivalstep"),
        append_only("payments_handrefund"),
    ]
