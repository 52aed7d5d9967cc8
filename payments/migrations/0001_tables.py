"""The tables, as the models say them. What the models cannot say follows in the files behind this one."""

import functools
import uuid

import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import marketplace.lib.clock
import payments.models.item_money
import payments.models.payout
import payments.models.seal
import payments.sandbox.models.session
import payments.sandbox.models.thing
from marketplace.lib.tables import Tables

TABLES = [
    migrations.CreateModel(
        name="AccountMonth",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("month", models.DateField()),
            ("kind", models.CharField(max_length=24)),
            ("amount_minor", models.BigIntegerField()),
            ("postings", models.BigIntegerField()),
            ("first_posting", models.BigIntegerField()),
            ("last_posting", models.BigIntegerField()),
        ],
    ),
    migrations.CreateModel(
        name="Refund",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            ("amount_minor", models.PositiveBigIntegerField()),
            ("ends_access", models.BooleanField(default=True)),
            ("requested_at", models.DateTimeField()),
            ("reason", models.CharField(max_length=300)),
            (
                "cause",
                models.CharField(
                    choices=[
                        ("staff", "Decided by the finance team"),
                        ("duplicate", "Paid for twice"),
                        ("provider", "Made at the payment provider"),
                        ("meter", "Given back by the buyer"),
                        ("dispute", "Lost dispute"),
                        ("goodwill", "Goodwill"),
                        ("tip", "Tip taken back by its giver"),
                        ("rules", "Course taken from its learners under the rules"),
                    ],
                    max_length=12,
                ),
            ),
            ("origin", models.CharField(blank=True, db_default="", max_length=60)),
            (
                "state",
                models.CharField(
                    choices=[("requested", "On its way"), ("done", "Refunded"), ("failed", "Failed")],
                    default="requested",
                    max_length=10,
                ),
            ),
            ("provider_refund_id", models.CharField(max_length=80, null=True, unique=True)),
            ("settled_at", models.DateTimeField(null=True)),
            ("came_back_at", models.DateTimeField(null=True)),
            (
                "requested_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Order",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("part", models.PositiveSmallIntegerField(db_default=0, default=0)),
            ("part_to", models.PositiveSmallIntegerField(db_default=0, default=0)),
            ("number", models.CharField(max_length=12, unique=True)),
            ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
            ("subtotal_minor", models.PositiveBigIntegerField(default=0)),
            ("discount_minor", models.PositiveBigIntegerField(default=0)),
            ("tax_minor", models.PositiveBigIntegerField(default=0)),
            ("total_minor", models.PositiveBigIntegerField()),
            ("is_tax_inclusive", models.BooleanField(default=True)),
            (
                "tax_source",
                models.CharField(
                    choices=[("none", "No tax"), ("table", "Our own rates"), ("stripe", "The payment provider's")],
                    default="none",
                    max_length=8,
                ),
            ),
            ("tax_name", models.CharField(blank=True, max_length=40)),
            ("tax_country", models.CharField(blank=True, max_length=2)),
            ("basket", models.CharField(max_length=64)),
            ("language", models.CharField(max_length=12)),
            (
                "state",
                models.CharField(
                    choices=[
                        ("pending", "Waiting for payment"),
                        ("paid", "Paid"),
                        ("expired", "Expired"),
                        ("failed", "Payment failed"),
                        ("refunded", "Refunded"),
                    ],
                    default="pending",
                    max_length=10,
                ),
            ),
            ("checkout_session_id", models.CharField(max_length=120, null=True, unique=True)),
            ("checkout_url", models.CharField(blank=True, max_length=2000)),
            ("charge_id", models.CharField(max_length=80, null=True, unique=True)),
            ("paid_with", models.CharField(blank=True, db_default="", default="", max_length=40)),
            ("invoice_number", models.CharField(max_length=24, null=True, unique=True)),
            ("placed_at", models.DateTimeField()),
            ("expires_at", models.DateTimeField()),
            ("payment_started_at", models.DateTimeField(null=True)),
            ("paid_at", models.DateTimeField(null=True)),
            ("closed_at", models.DateTimeField(null=True)),
            ("flagged_at", models.DateTimeField(null=True)),
            ("flag_reason", models.CharField(blank=True, max_length=300)),
            (
                "buyer",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="orders", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
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
        name="BookCheck",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("name", models.CharField(max_length=40, unique=True)),
            ("ran_at", models.DateTimeField()),
            ("breaks", models.PositiveIntegerField()),
            ("sample", models.TextField(blank=True)),
        ],
        options={"ordering": ["name"]},
    ),
    migrations.CreateModel(
        name="InstalmentPlan",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
            ("total_minor", models.PositiveBigIntegerField()),
            ("months", models.PositiveSmallIntegerField()),
            (
                "amounts_minor",
                django.contrib.postgres.fields.ArrayField(base_field=models.PositiveBigIntegerField(), size=None),
            ),
            ("due_on", django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), size=None)),
            ("terms", models.JSONField()),
            ("key", models.CharField(max_length=64)),
            ("language", models.CharField(max_length=12)),
            ("agreed_at", models.DateTimeField()),
            (
                "state",
                models.CharField(
                    choices=[
                        ("proposed", "Not begun"),
                        ("running", "Running"),
                        ("paused", "Paused"),
                        ("done", "Paid"),
                        ("ended", "Ended"),
                    ],
                    default="proposed",
                    max_length=10,
                ),
            ),
            ("reference", models.CharField(blank=True, max_length=12)),
            ("started_at", models.DateTimeField(null=True)),
            ("paid_parts", models.PositiveSmallIntegerField(default=0)),
            ("failed_tries", models.PositiveSmallIntegerField(default=0)),
            ("next_at", models.DateTimeField(null=True)),
            ("ended_at", models.DateTimeField(null=True)),
            (
                "end_reason",
                models.CharField(
                    blank=True,
                    choices=[
                        ("refunded", "The course was given back, so its open parts are canceled."),
                        ("disputed", "A payment was disputed and lost, so the open parts are canceled."),
                        ("course_gone", "The course is not offered any more, so its open parts are canceled."),
                        ("right_ended", "Your access to the course has ended, so the open parts are canceled."),
                        ("forgotten", "The account was deleted."),
                    ],
                    max_length=12,
                ),
            ),
            ("customer_id", models.CharField(blank=True, max_length=80)),
            ("method_id", models.CharField(blank=True, max_length=80)),
            (
                "buyer",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="instalment_plans",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="instalment_plans", to="courses.course"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="ItemShare",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "kind",
                models.CharField(
                    choices=[("platform", "Platform"), ("affiliate", "Promoter"), ("creator", "Creator")], max_length=10
                ),
            ),
            ("amount_minor", models.PositiveBigIntegerField()),
            ("bps", models.PositiveIntegerField(default=0)),
            (
                "owner",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="item_shares",
                    to="creators.creator",
                ),
            ),
        ],
        options={"ordering": ["id"]},
    ),
    migrations.CreateModel(
        name="LedgerAccount",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("stripe_clearing", "Money at the payment provider"),
                        ("stripe_fees", "Fees of the payment provider"),
                        ("platform_revenue", "Platform fees"),
                        ("tax_payable", "Tax to be paid"),
                        ("creator_pending", "Creators: pending"),
                        ("creator_available", "Creators: available"),
                        ("creator_reserve", "Creators: reserve"),
                        ("affiliate_pending", "Affiliates: pending"),
                        ("affiliate_available", "Affiliates: available"),
                        ("rights_escrow", "Creators: in escrow for a claim"),
                        ("rights_awarded", "Awarded to claimants"),
                        ("payout_in_transit", "Creators: in transit"),
                        ("dispute_hold", "Held in disputes"),
                        ("refund_expense", "Refunds borne by the platform"),
                        ("bad_debt", "Bad debt"),
                        ("promotions", "Discounts borne by the platform"),
                        ("dispute_fees", "Fees of disputes"),
                        ("fx_clearing", "Money between two currencies"),
                        ("fx_gain_loss", "Exchange gains and losses"),
                        ("rounding", "Rounding"),
                        ("bank", "Money at the bank"),
                    ],
                    max_length=24,
                ),
            ),
            ("owner_id", models.BigIntegerField(null=True)),
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
            ("normal_side", models.CharField(choices=[("debit", "Debit"), ("credit", "Credit")], max_length=6)),
            ("cached", models.BooleanField()),
            ("floor_minor", models.BigIntegerField(null=True)),
        ],
    ),
    migrations.CreateModel(
        name="LedgerEntry",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            ("idem_key", models.CharField(max_length=200, unique=True)),
            ("payload_hash", models.CharField(max_length=64)),
            (
                "kind",
                models.CharField(
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
                        ("tax_paid", "Paid to a tax office"),
                    ],
                    max_length=24,
                ),
            ),
            ("occurred_at", models.DateTimeField()),
            ("created_at", models.DateTimeField()),
            ("meta", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
        ],
        options={"verbose_name_plural": "ledger entries"},
    ),
    migrations.CreateModel(
        name="LedgerPosting",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("currency", models.CharField(max_length=3)),
            ("amount_minor", models.BigIntegerField()),
        ],
    ),
    migrations.CreateModel(
        name="LedgerSeal",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            ("day", models.DateField()),
            ("entries", models.PositiveBigIntegerField()),
            ("first_id", models.BigIntegerField()),
            ("last_id", models.BigIntegerField()),
            ("root", models.CharField(max_length=64)),
            ("previous", models.CharField(max_length=64)),
            ("hash", models.CharField(max_length=64, unique=True)),
            ("secret", models.BinaryField(default=payments.models.seal.new_secret, max_length=32)),
            ("sealed_at", models.DateTimeField(auto_now_add=True)),
        ],
        options={"ordering": ["book", "day"]},
    ),
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
    migrations.CreateModel(
        name="MeterReading",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "kind",
                models.CharField(
                    choices=[("whole", "All of it"), ("part", "The share that was not watched")], max_length=8
                ),
            ),
            ("watched_s", models.PositiveIntegerField(help_text="unique seconds of the live version")),
            ("length_s", models.PositiveIntegerField()),
            ("bought_at", models.DateTimeField()),
            ("read_at", models.DateTimeField()),
            ("amount_minor", models.PositiveBigIntegerField()),
        ],
    ),
    migrations.CreateModel(
        name="MonthClose",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            ("month", models.DateField()),
            ("closed_at", models.DateTimeField()),
            ("note", models.CharField(blank=True, max_length=500)),
            ("reason", models.CharField(blank=True, max_length=500)),
            ("content", models.TextField()),
            ("hash", models.CharField(max_length=64)),
        ],
        options={"ordering": ["book", "month"]},
    ),
    migrations.CreateModel(
        name="OrderItem",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("course_title", models.CharField(db_column="title", max_length=120)),
            ("is_tip", models.BooleanField(db_default=False, default=False)),
            ("bundle_title", models.CharField(blank=True, db_default="", default="", max_length=120)),
            ("follows", models.BooleanField(db_default=False, default=False)),
            ("list_minor", models.PositiveBigIntegerField(default=0)),
            ("discount_minor", models.PositiveBigIntegerField(default=0)),
            (
                "discount_bearer",
                models.CharField(blank=True, choices=[("creator", "Creator"), ("platform", "Platform")], max_length=8),
            ),
            ("net_minor", models.PositiveBigIntegerField(default=0)),
            ("tax_minor", models.PositiveBigIntegerField(default=0)),
            ("tax_bps", models.PositiveIntegerField(default=0)),
            ("price_minor", models.PositiveBigIntegerField()),
            ("promotion_minor", models.PositiveBigIntegerField(default=0)),
            ("platform_minor", models.PositiveBigIntegerField()),
            ("affiliate_minor", models.PositiveBigIntegerField(default=0)),
            ("creator_minor", models.PositiveBigIntegerField()),
            ("referral_code", models.CharField(blank=True, max_length=40)),
            ("promoter_sales", models.PositiveIntegerField(null=True)),
            ("refund_asked_minor", models.PositiveBigIntegerField(default=0)),
            ("refunded_minor", models.PositiveBigIntegerField(default=0)),
            ("hold_until", models.DateTimeField(null=True)),
            ("disputed_at", models.DateTimeField(null=True)),
            ("escrowed_at", models.DateTimeField(null=True)),
            ("granted_at", models.DateTimeField(null=True)),
            ("released_at", models.DateTimeField(null=True)),
            ("refunded_at", models.DateTimeField(null=True)),
        ],
        options={"ordering": ["id"]},
        bases=(payments.models.item_money.ItemMoney, models.Model),
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
                    choices=[("bank_transfer", "Bank transfer"), ("alipay", "Alipay"), ("wechat_pay", "WeChat Pay")],
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
            ("bank_code", models.CharField(blank=True, max_length=16, verbose_name="BIC (SWIFT code) or bank code")),
            ("instructions_en", models.TextField(blank=True, max_length=1000, verbose_name="what to do, in English")),
            ("instructions_zh", models.TextField(blank=True, max_length=1000, verbose_name="what to do, in Chinese")),
            ("qr", models.ImageField(blank=True, upload_to="ways/", verbose_name="picture of a QR code")),
            ("is_on", models.BooleanField(default=True, verbose_name="new orders may be paid so")),
            ("set_at", models.DateTimeField()),
            ("reason", models.CharField(max_length=500)),
        ],
    ),
    migrations.CreateModel(
        name="Payout",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
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
            ("amount_minor", models.BigIntegerField()),
            (
                "rail",
                models.CharField(
                    choices=[
                        ("stripe_transfer", "Transfer by the payment provider"),
                        ("manual_bank_file", "Bank order by file"),
                    ],
                    default="stripe_transfer",
                    max_length=20,
                ),
            ),
            ("destination", models.CharField(max_length=120)),
            (
                "token",
                models.CharField(default=payments.models.payout.new_token, editable=False, max_length=40, unique=True),
            ),
            ("needs_approval", models.BooleanField(default=False)),
            ("approved_at", models.DateTimeField(null=True)),
            (
                "state",
                models.CharField(
                    choices=[
                        ("waiting", "Waiting for approval"),
                        ("created", "Waiting"),
                        ("submitting", "In transit"),
                        ("sent", "Paid"),
                        ("void", "Withdrawn"),
                    ],
                    default="created",
                    max_length=10,
                ),
            ),
            ("key_no", models.PositiveSmallIntegerField(default=1)),
            ("key_used_at", models.DateTimeField(null=True)),
            ("transfer_id", models.CharField(max_length=120, null=True, unique=True)),
            ("created_at", models.DateTimeField()),
            ("sent_at", models.DateTimeField(null=True)),
            ("void_at", models.DateTimeField(null=True)),
            ("failure_code", models.CharField(blank=True, max_length=80)),
            ("failure_text", models.CharField(blank=True, max_length=500)),
            ("returned_minor", models.PositiveBigIntegerField(default=0)),
            ("flagged_at", models.DateTimeField(null=True)),
            ("flag_reason", models.CharField(blank=True, max_length=300)),
        ],
        options={"ordering": ["-id"]},
    ),
    migrations.CreateModel(
        name="PayoutAccount",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            (
                "rail",
                models.CharField(
                    choices=[
                        ("stripe_transfer", "Transfer by the payment provider"),
                        ("manual_bank_file", "Bank order by file"),
                    ],
                    default="stripe_transfer",
                    max_length=20,
                ),
            ),
            ("provider_account_id", models.CharField(max_length=120, unique=True)),
            ("kept_account_id", models.CharField(blank=True, db_default="", default="", max_length=120)),
            (
                "state",
                models.CharField(
                    choices=[("pending", "Details missing"), ("active", "Ready"), ("restricted", "Restricted")],
                    default="pending",
                    max_length=10,
                ),
            ),
            ("opened_at", models.DateTimeField()),
            ("active_at", models.DateTimeField(blank=True, null=True)),
            ("checked_at", models.DateTimeField(blank=True, null=True)),
            ("rests_until", models.DateTimeField(blank=True, null=True)),
        ],
    ),
    migrations.CreateModel(
        name="PayoutApproval",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField()),
            ("approves", models.BooleanField()),
            ("reason", models.CharField(blank=True, max_length=500)),
        ],
    ),
    migrations.CreateModel(
        name="PayoutHold",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "rule_code",
                models.CharField(
                    choices=[
                        ("risk", "Unusual sales"),
                        ("disputes", "Many disputes"),
                        ("identity", "Identity not clear"),
                        ("legal", "Order of an authority"),
                        ("content", "Content under review"),
                    ],
                    max_length=24,
                    verbose_name="rule",
                ),
            ),
            ("reason", models.CharField(max_length=500, verbose_name="reason")),
            ("placed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("lifted_at", models.DateTimeField(blank=True, null=True)),
            ("lift_reason", models.CharField(blank=True, max_length=500)),
        ],
    ),
    migrations.CreateModel(
        name="PayoutItem",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("amount_minor", models.BigIntegerField()),
            ("freed", models.BooleanField(default=False)),
        ],
    ),
    migrations.CreateModel(
        name="PayoutRun",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            ("as_of", models.DateTimeField()),
            ("started_at", models.DateTimeField(auto_now_add=True)),
            ("found_count", models.PositiveIntegerField(null=True)),
            ("through_account_id", models.BigIntegerField(default=0)),
            ("paid_count", models.PositiveIntegerField(default=0)),
            ("skipped_count", models.PositiveIntegerField(default=0)),
            ("begun_minor", models.JSONField(default=dict)),
        ],
        options={"ordering": ["-id"]},
    ),
    migrations.CreateModel(
        name="PayoutSkip",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            ("available_minor", models.BigIntegerField()),
            (
                "reason",
                models.CharField(
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
        ],
    ),
    migrations.CreateModel(
        name="PayoutStop",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            (
                "currency",
                models.CharField(
                    blank=True,
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
            ("reason", models.CharField(max_length=500, verbose_name="reason")),
            ("placed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("lifted_at", models.DateTimeField(blank=True, null=True)),
            ("lift_reason", models.CharField(blank=True, max_length=500)),
        ],
    ),
    migrations.CreateModel(
        name="PlanPause",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("part", models.PositiveSmallIntegerField()),
            ("paused_at", models.DateTimeField()),
            ("lifted_at", models.DateTimeField(null=True)),
        ],
    ),
    migrations.CreateModel(
        name="PromoterStop",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("placed_at", models.DateTimeField()),
            ("lifted_at", models.DateTimeField(null=True)),
        ],
    ),
    migrations.CreateModel(
        name="ProviderCursor",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("name", models.CharField(max_length=24)),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            ("through", models.DateTimeField()),
        ],
    ),
    migrations.CreateModel(
        name="ProviderEvent",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            ("provider", models.CharField(default="stripe", max_length=16)),
            ("book", models.CharField(max_length=8)),
            ("event_id", models.CharField(max_length=120)),
            ("type", models.CharField(max_length=120)),
            ("object_id", models.CharField(blank=True, max_length=120)),
            ("body", models.JSONField()),
            ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("outcome", models.CharField(blank=True, max_length=60)),
        ],
    ),
    migrations.CreateModel(
        name="ProviderTransaction",
        fields=[
            ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            ("type", models.CharField(max_length=60)),
            ("source", models.CharField(blank=True, max_length=80)),
            ("amount_minor", models.BigIntegerField()),
            ("fee_minor", models.BigIntegerField()),
            ("net_minor", models.BigIntegerField()),
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
            ("exchange_rate", models.CharField(blank=True, max_length=32)),
            ("created", models.DateTimeField()),
            ("available_on", models.DateTimeField()),
            ("taken_in_at", models.DateTimeField(auto_now_add=True)),
        ],
    ),
    migrations.CreateModel(
        name="ReconBreak",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("unbooked", "The provider moved money that no entry books"),
                        ("unseen", "An entry says that money moved, and the provider lists nothing of it"),
                        ("amount", "Booked with another amount than the provider lists"),
                        ("unknown_type", "A movement of a kind that the books do not know"),
                        ("changed", "The provider lists a movement otherwise than before"),
                        ("balance", "Our clearing and the provider's balance differ"),
                        ("event", "A payment's amount or currency is not what was asked for"),
                    ],
                    max_length=16,
                ),
            ),
            ("key", models.CharField(max_length=200)),
            ("amount_minor", models.BigIntegerField(null=True)),
            ("currency", models.CharField(blank=True, max_length=3)),
            ("note", models.CharField(blank=True, max_length=500)),
            ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("resolved_at", models.DateTimeField(null=True)),
            ("resolution", models.CharField(blank=True, max_length=300)),
        ],
        options={"ordering": ["found_at", "id"]},
    ),
    migrations.CreateModel(
        name="Referral",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("code", models.CharField(max_length=24, unique=True)),
            (
                "kind",
                models.CharField(
                    choices=[("own", "To your own courses"), ("affiliate", "To other creators' courses")], max_length=10
                ),
            ),
            ("label", models.CharField(blank=True, max_length=60)),
            ("made_at", models.DateTimeField()),
            ("ended_at", models.DateTimeField(null=True)),
        ],
    ),
    migrations.CreateModel(
        name="ReferralDay",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("day", models.DateField()),
            ("clicks", models.PositiveIntegerField(default=0)),
        ],
    ),
    migrations.CreateModel(
        name="RefundLine",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("amount_minor", models.PositiveBigIntegerField()),
            ("ends_access", models.BooleanField(default=True)),
            ("failed_at", models.DateTimeField(null=True)),
        ],
    ),
    migrations.CreateModel(
        name="RefundRule",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("starts_at", models.DateTimeField(unique=True)),
            ("whole_days", models.PositiveSmallIntegerField(default=14)),
            ("whole_bps", models.PositiveSmallIntegerField(default=3000)),
            ("part_days", models.PositiveSmallIntegerField(default=30)),
            ("part_bps", models.PositiveSmallIntegerField(default=6000)),
            ("introduced_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("reason", models.CharField(blank=True, max_length=500)),
        ],
        options={"ordering": ["starts_at"]},
    ),
    migrations.CreateModel(
        name="RefundShare",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("tax", "Tax"),
                        ("promotion", "Discount borne by the platform"),
                        ("platform", "Platform"),
                        ("affiliate", "Promoter"),
                        ("creator", "Creator"),
                    ],
                    max_length=10,
                ),
            ),
            ("amount_minor", models.PositiveBigIntegerField()),
        ],
        options={"ordering": ["id"]},
    ),
    migrations.CreateModel(
        name="Reserve",
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
            ("kept_at", models.DateTimeField()),
            ("due_at", models.DateTimeField()),
            ("returned_at", models.DateTimeField(null=True)),
        ],
    ),
    migrations.CreateModel(
        name="ReserveRule",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("bps", models.PositiveIntegerField(verbose_name="part, in hundredths of a percent")),
            ("days", models.PositiveIntegerField(verbose_name="days")),
            ("reason", models.CharField(max_length=500, verbose_name="reason")),
            ("placed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("ended_at", models.DateTimeField(blank=True, null=True)),
            ("end_reason", models.CharField(blank=True, max_length=500)),
        ],
    ),
    migrations.CreateModel(
        name="RevenueRule",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "code",
                models.SlugField(
                    choices=[
                        ("organic", "Marketplace sale"),
                        ("own_link", "The creator's own link"),
                        ("affiliate", "A promoter's link"),
                        ("tip", "Tip"),
                    ],
                    max_length=24,
                ),
            ),
            ("starts_at", models.DateTimeField()),
            ("platform_bps", models.PositiveIntegerField()),
            ("fixed_minor", models.PositiveBigIntegerField(default=0)),
            ("affiliate_bps", models.PositiveIntegerField(default=0)),
            ("remembered_days", models.PositiveSmallIntegerField(db_default=30, default=30)),
            ("tier_days", models.PositiveSmallIntegerField(db_default=0, default=0)),
            ("tier_steps", models.JSONField(db_default=[], default=list)),
            ("introduced_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("reason", models.CharField(blank=True, max_length=500)),
        ],
        options={"ordering": ["code", "starts_at"]},
    ),
    migrations.CreateModel(
        name="RollupMark",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("through_entry", models.BigIntegerField(default=0)),
            ("next_entry", models.BigIntegerField(default=0)),
            ("next_tx", models.BigIntegerField(null=True)),
            ("moved_at", models.DateTimeField(default=django.utils.timezone.now)),
        ],
    ),
    migrations.CreateModel(
        name="RuleAnnouncement",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            ("through_creator_id", models.BigIntegerField(default=0)),
        ],
    ),
    migrations.CreateModel(
        name="SandboxAccount",
        fields=[
            ("created", models.DateTimeField(default=marketplace.lib.clock.now, editable=False)),
            ("metadata", models.JSONField(default=dict)),
            (
                "id",
                models.CharField(
                    default=functools.partial(payments.sandbox.models.thing.new_id, *("acct",)),
                    editable=False,
                    max_length=80,
                    primary_key=True,
                    serialize=False,
                ),
            ),
            ("email", models.EmailField(blank=True, max_length=254)),
            ("display_name", models.CharField(blank=True, max_length=200)),
            ("country", models.CharField(max_length=2)),
            ("dashboard", models.CharField(max_length=10)),
            (
                "transfers",
                models.CharField(
                    choices=[("active", "Active"), ("pending", "Pending"), ("restricted", "Restricted")],
                    default="restricted",
                    max_length=12,
                ),
            ),
        ],
        options={"abstract": False},
    ),
    migrations.CreateModel(
        name="SandboxCustomer",
        fields=[
            ("created", models.DateTimeField(default=marketplace.lib.clock.now, editable=False)),
            ("metadata", models.JSONField(default=dict)),
            (
                "id",
                models.CharField(
                    default=functools.partial(payments.sandbox.models.thing.new_id, *("cus",)),
                    editable=False,
                    max_length=80,
                    primary_key=True,
                    serialize=False,
                ),
            ),
            ("email", models.EmailField(blank=True, max_length=254)),
            ("method_id", models.CharField(blank=True, default="", max_length=80)),
            (
                "answer",
                models.CharField(
                    blank=True,
                    choices=[("", "pays"), ("card_declined", "Declined"), ("authentication_required", "Wants Her")],
                    default="",
                    max_length=40,
                ),
            ),
        ],
        options={"abstract": False},
    ),
    migrations.CreateModel(
        name="SandboxDispute",
        fields=[
            ("created", models.DateTimeField(default=marketplace.lib.clock.now, editable=False)),
            ("metadata", models.JSONField(default=dict)),
            (
                "id",
                models.CharField(
                    default=functools.partial(payments.sandbox.models.thing.new_id, *("du",)),
                    editable=False,
                    max_length=80,
                    primary_key=True,
                    serialize=False,
                ),
            ),
            ("amount", models.PositiveBigIntegerField()),
            ("taken", models.PositiveBigIntegerField(db_default=0, default=0)),
            ("currency", models.CharField(max_length=3)),
            ("reason", models.CharField(max_length=40)),
            (
                "status",
                models.CharField(
                    choices=[
                        ("warning_needs_response", "The bank asks"),
                        ("warning_under_review", "The bank reads our answer"),
                        ("warning_closed", "The bank let it go"),
                        ("needs_response", "Disputed: an answer is due"),
                        ("under_review", "Disputed: the bank decides"),
                        ("won", "Dispute won"),
                        ("lost", "Dispute lost"),
                        ("prevented", "Settled before a dispute"),
                    ],
                    max_length=24,
                ),
            ),
            ("evidence", models.JSONField(default=dict)),
            ("submissions", models.PositiveSmallIntegerField(default=0)),
            ("due_by", models.DateTimeField()),
        ],
    ),
    migrations.CreateModel(
        name="SandboxEvent",
        fields=[
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            ("id", models.CharField(max_length=80, primary_key=True, serialize=False)),
            ("type", models.CharField(max_length=120)),
            ("body", models.TextField()),
            ("created", models.DateTimeField(default=marketplace.lib.clock.now, editable=False)),
            ("copies", models.PositiveSmallIntegerField(default=1, editable=False)),
            ("dropped_at", models.DateTimeField(editable=False, null=True)),
        ],
    ),
    migrations.CreateModel(
        name="SandboxFault",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("operation", models.CharField(max_length=60)),
            (
                "mode",
                models.CharField(
                    choices=[
                        ("timeout_before", "The request is lost on its way"),
                        ("timeout_after", "It takes effect, the answer is lost"),
                        ("slow_after", "It takes effect, the answer comes after we gave up"),
                        ("broken_after", "It takes effect, the answer is not readable"),
                        ("500_after", "It takes effect, the answer is 500"),
                        ("500", "500: nothing happens"),
                        ("409", "409: another request is under way"),
                        ("429", "429: too many requests"),
                        ("402", "402: the card or the balance does not allow it"),
                        ("400", "400: refused for good"),
                    ],
                    max_length=20,
                ),
            ),
            ("remaining", models.PositiveIntegerField()),
            ("planned_at", models.DateTimeField(default=marketplace.lib.clock.now)),
        ],
    ),
    migrations.CreateModel(
        name="SandboxKey",
        fields=[
            ("key", models.CharField(max_length=255, primary_key=True, serialize=False)),
            ("digest", models.CharField(max_length=64)),
            ("status", models.PositiveSmallIntegerField(null=True)),
            ("body", models.JSONField(null=True)),
            ("created", models.DateTimeField(default=marketplace.lib.clock.now, editable=False)),
        ],
    ),
    migrations.CreateModel(
        name="SandboxPayment",
        fields=[
            ("created", models.DateTimeField(default=marketplace.lib.clock.now, editable=False)),
            ("metadata", models.JSONField(default=dict)),
            (
                "id",
                models.CharField(
                    default=functools.partial(payments.sandbox.models.thing.new_id, *("pi",)),
                    editable=False,
                    max_length=80,
                    primary_key=True,
                    serialize=False,
                ),
            ),
            ("charge_id", models.CharField(max_length=80, null=True, unique=True)),
            ("amount", models.PositiveBigIntegerField()),
            ("amount_refunded", models.PositiveBigIntegerField(default=0)),
            ("currency", models.CharField(max_length=3)),
            (
                "status",
                models.CharField(
                    choices=[
                        ("requires_payment_method", "Needs Method"),
                        ("requires_action", "Needs Action"),
                        ("processing", "Processing"),
                        ("succeeded", "Succeeded"),
                    ],
                    default="requires_payment_method",
                    max_length=30,
                ),
            ),
            ("method", models.CharField(default="card", max_length=20)),
            ("error_code", models.CharField(blank=True, max_length=60)),
            ("group", models.CharField(blank=True, max_length=200)),
            ("email", models.EmailField(blank=True, max_length=254)),
            ("is_disputed", models.BooleanField(default=False)),
        ],
    ),
    migrations.CreateModel(
        name="SandboxRefund",
        fields=[
            ("created", models.DateTimeField(default=marketplace.lib.clock.now, editable=False)),
            ("metadata", models.JSONField(default=dict)),
            (
                "id",
                models.CharField(
                    default=functools.partial(payments.sandbox.models.thing.new_id, *("re",)),
                    editable=False,
                    max_length=80,
                    primary_key=True,
                    serialize=False,
                ),
            ),
            ("amount", models.PositiveBigIntegerField()),
            ("currency", models.CharField(max_length=3)),
            ("reason", models.CharField(blank=True, max_length=40)),
            ("status", models.CharField(default="succeeded", max_length=20)),
        ],
        options={"abstract": False},
    ),
    migrations.CreateModel(
        name="SandboxReversal",
        fields=[
            ("created", models.DateTimeField(default=marketplace.lib.clock.now, editable=False)),
            ("metadata", models.JSONField(default=dict)),
            (
                "id",
                models.CharField(
                    default=functools.partial(payments.sandbox.models.thing.new_id, *("trr",)),
                    editable=False,
                    max_length=80,
                    primary_key=True,
                    serialize=False,
                ),
            ),
            ("amount", models.PositiveBigIntegerField()),
            ("currency", models.CharField(max_length=3)),
        ],
        options={"abstract": False},
    ),
    migrations.CreateModel(
        name="SandboxSession",
        fields=[
            ("created", models.DateTimeField(default=marketplace.lib.clock.now, editable=False)),
            ("metadata", models.JSONField(default=dict)),
            (
                "id",
                models.CharField(
                    default=payments.sandbox.models.session._session_id,
                    editable=False,
                    max_length=80,
                    primary_key=True,
                    serialize=False,
                ),
            ),
            (
                "status",
                models.CharField(
                    choices=[("open", "Open"), ("complete", "Complete"), ("expired", "Expired")],
                    default="open",
                    max_length=10,
                ),
            ),
            ("is_paid", models.BooleanField(default=False)),
            ("amount", models.PositiveBigIntegerField()),
            ("currency", models.CharField(max_length=3)),
            ("lines", models.JSONField()),
            ("automatic_tax", models.BooleanField(default=False)),
            ("country", models.CharField(blank=True, max_length=2)),
            ("tax", models.PositiveBigIntegerField(default=0)),
            ("reference", models.CharField(blank=True, max_length=200)),
            ("email", models.EmailField(blank=True, max_length=254)),
            ("locale", models.CharField(default="auto", max_length=10)),
            ("success_url", models.CharField(max_length=2000)),
            ("cancel_url", models.CharField(blank=True, max_length=2000)),
            ("expires_at", models.DateTimeField()),
            ("payment_data", models.JSONField(default=dict)),
        ],
        options={"abstract": False},
    ),
    migrations.CreateModel(
        name="SandboxTransaction",
        fields=[
            ("created", models.DateTimeField(default=marketplace.lib.clock.now, editable=False)),
            ("metadata", models.JSONField(default=dict)),
            (
                "id",
                models.CharField(
                    default=functools.partial(payments.sandbox.models.thing.new_id, *("txn",)),
                    editable=False,
                    max_length=80,
                    primary_key=True,
                    serialize=False,
                ),
            ),
            ("type", models.CharField(max_length=40)),
            ("amount", models.BigIntegerField()),
            ("fee", models.BigIntegerField(default=0)),
            ("net", models.BigIntegerField()),
            ("currency", models.CharField(max_length=3)),
            ("source", models.CharField(db_index=True, max_length=80)),
            ("available_on", models.DateTimeField()),
            ("exchange_rate", models.CharField(blank=True, max_length=20)),
        ],
    ),
    migrations.CreateModel(
        name="SandboxTransfer",
        fields=[
            ("created", models.DateTimeField(default=marketplace.lib.clock.now, editable=False)),
            ("metadata", models.JSONField(default=dict)),
            (
                "id",
                models.CharField(
                    default=functools.partial(payments.sandbox.models.thing.new_id, *("tr",)),
                    editable=False,
                    max_length=80,
                    primary_key=True,
                    serialize=False,
                ),
            ),
            ("amount", models.PositiveBigIntegerField()),
            ("currency", models.CharField(max_length=3)),
            ("group", models.CharField(blank=True, db_index=True, max_length=200)),
        ],
        options={"abstract": False},
    ),
    migrations.CreateModel(
        name="SandboxWeather",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("drop_percent", models.PositiveSmallIntegerField(default=0)),
            ("copies", models.PositiveSmallIntegerField(default=1)),
            ("delay_s", models.PositiveIntegerField(default=0)),
            ("is_shuffled", models.BooleanField(default=False)),
        ],
    ),
    migrations.CreateModel(
        name="SplitLine",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("bps", models.PositiveIntegerField()),
            ("accepted_at", models.DateTimeField(null=True)),
            ("declined_at", models.DateTimeField(null=True)),
        ],
        options={"ordering": ["id"]},
    ),
    migrations.CreateModel(
        name="TaxIdentity",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("given_at", models.DateTimeField()),
            ("sealed", models.TextField(blank=True)),
            ("has_number", models.BooleanField()),
        ],
        options={"verbose_name_plural": "tax identities"},
    ),
    migrations.CreateModel(
        name="TaxPayment",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            ("country", models.CharField(blank=True, max_length=2)),
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
            ("amount_minor", models.BigIntegerField()),
            ("owed_minor", models.BigIntegerField()),
            ("period", models.CharField(max_length=7)),
            ("reference", models.CharField(max_length=140)),
            ("reason", models.CharField(blank=True, max_length=500)),
            ("paid_on", models.DateField()),
            ("paid_at", models.DateTimeField()),
        ],
    ),
    migrations.CreateModel(
        name="TaxRate",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("country", models.CharField(max_length=2)),
            ("name", models.CharField(max_length=40)),
            ("bps", models.PositiveIntegerField()),
            ("starts_at", models.DateTimeField()),
            ("introduced_at", models.DateTimeField()),
            ("reason", models.CharField(max_length=500)),
        ],
        options={"ordering": ["country", "-starts_at"]},
    ),
    migrations.CreateModel(
        name="Tip",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("shows_name", models.BooleanField(default=False)),
            ("noted_at", models.DateTimeField()),
        ],
    ),
    migrations.CreateModel(
        name="TipStop",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("placed_at", models.DateTimeField()),
            ("lifted_at", models.DateTimeField(null=True)),
        ],
    ),
    migrations.CreateModel(
        name="YearReport",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            ("year", models.PositiveSmallIntegerField()),
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
            ("version", models.PositiveSmallIntegerField()),
            ("reason", models.CharField(blank=True, max_length=500)),
            ("content", models.TextField()),
            ("hash", models.CharField(max_length=64)),
            ("issued_at", models.DateTimeField()),
        ],
    ),
    migrations.CreateModel(
        name="YearRound",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            ("act", models.CharField(choices=[("issue", "Reports made"), ("remind", "Reminders sent")], max_length=8)),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            ("year", models.PositiveSmallIntegerField()),
            ("asked_at", models.DateTimeField()),
            ("reason", models.CharField(blank=True, max_length=500)),
            ("through_creator_id", models.BigIntegerField(default=0)),
            ("made_count", models.PositiveIntegerField(default=0)),
        ],
        options={"ordering": ["-id"]},
    ),
    migrations.CreateModel(
        name="AfterRefund",
        fields=[
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            (
                "refund",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    primary_key=True,
                    related_name="after_refund",
                    serialize=False,
                    to="payments.refund",
                ),
            ),
        ],
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
        ],
    ),
    migrations.CreateModel(
        name="AfterSale",
        fields=[
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            (
                "order",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    primary_key=True,
                    related_name="after_sale",
                    serialize=False,
                    to="payments.order",
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
        ],
    ),
    migrations.CreateModel(
        name="InstalmentCharge",
        fields=[
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            (
                "order",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    primary_key=True,
                    related_name="instalment_charge",
                    serialize=False,
                    to="payments.order",
                ),
            ),
            ("number", models.PositiveSmallIntegerField()),
            (
                "state",
                models.CharField(
                    choices=[("asked", "Under way"), ("paid", "Paid"), ("failed", "Failed")],
                    default="asked",
                    max_length=8,
                ),
            ),
            ("reason", models.CharField(blank=True, max_length=60)),
            ("asked_at", models.DateTimeField(auto_now_add=True)),
            ("key", models.CharField(blank=True, db_default="", default="", max_length=120)),
            ("key_used_at", models.DateTimeField(null=True)),
        ],
    ),
    migrations.AddField(
        model_name="refund",
        name="order",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="payments.order"
        ),
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
        options={"ordering": ["id"]},
    ),
    migrations.CreateModel(
        name="BankDetails",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("holder", models.CharField(max_length=70, verbose_name="account holder")),
            ("number", models.CharField(max_length=34, verbose_name="account number or IBAN")),
            ("bank_code", models.CharField(max_length=16, verbose_name="BIC or bank code")),
            ("bank_name", models.CharField(max_length=70, verbose_name="bank")),
            ("country", models.CharField(max_length=2, verbose_name="country of the bank")),
            ("given_at", models.DateTimeField()),
            ("decided_at", models.DateTimeField(null=True)),
            ("accepted", models.BooleanField(null=True)),
            ("decision_reason", models.CharField(blank=True, max_length=500)),
            (
                "decided_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "given_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"verbose_name_plural": "bank details"},
    ),
    migrations.CreateModel(
        name="BankFile",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            ("orders_count", models.PositiveIntegerField()),
            ("total_minor", models.PositiveBigIntegerField()),
            ("made_at", models.DateTimeField()),
            (
                "made_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["id"]},
    ),
    migrations.CreateModel(
        name="BankOrder",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "file",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="payments.bankfile"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="BankAnswer",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("at", models.DateTimeField()),
            ("executed", models.BooleanField()),
            ("reference", models.CharField(max_length=140)),
            ("reason", models.CharField(blank=True, max_length=500)),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "order",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="payments.bankorder"
                ),
            ),
        ],
    ),
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
        options={"ordering": ["id"]},
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
    migrations.CreateModel(
        name="BillingDetails",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("name", models.CharField(blank=True, max_length=120)),
            ("company", models.CharField(blank=True, max_length=160)),
            ("tax_id", models.CharField(blank=True, max_length=40)),
            ("address", models.CharField(blank=True, max_length=500)),
            ("country", models.CharField(blank=True, max_length=2)),
            (
                "order",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="billing", to="payments.order"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Bundle",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("slug", models.SlugField(max_length=80, unique=True)),
            ("title", models.CharField(max_length=120)),
            ("words", models.CharField(blank=True, max_length=600)),
            ("price_minor", models.PositiveBigIntegerField()),
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
            ("is_offered", models.BooleanField(default=False)),
            ("first_offered_at", models.DateTimeField(null=True)),
            ("made_at", models.DateTimeField(default=marketplace.lib.clock.now)),
            (
                "creator",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="bundles", to="creators.creator"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="BundleCourse",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("position", models.PositiveSmallIntegerField()),
            (
                "bundle",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="payments.bundle"
                ),
            ),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="in_bundles", to="courses.course"
                ),
            ),
        ],
        options={"ordering": ["position"]},
    ),
    migrations.CreateModel(
        name="BundleOffering",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("is_offered", models.BooleanField()),
            ("at", models.DateTimeField(default=marketplace.lib.clock.now)),
            ("reason", models.CharField(blank=True, max_length=300)),
            (
                "bundle",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="offerings", to="payments.bundle"
                ),
            ),
            (
                "by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["id"]},
    ),
    migrations.CreateModel(
        name="BundlePrice",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("price_minor", models.PositiveBigIntegerField()),
            ("currency", models.CharField(max_length=3)),
            ("set_at", models.DateTimeField(default=marketplace.lib.clock.now)),
            (
                "bundle",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="prices", to="payments.bundle"
                ),
            ),
            (
                "set_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["id"]},
    ),
    migrations.CreateModel(
        name="CardTrace",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("event_id", models.CharField(max_length=120, unique=True)),
            ("card", models.CharField(blank=True, max_length=32)),
            ("is_declined", models.BooleanField()),
            ("tried_at", models.DateTimeField()),
            (
                "buyer",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "order",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="payments.order"),
            ),
        ],
    ),
    migrations.CreateModel(
        name="CartItem",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("named_minor", models.PositiveBigIntegerField(null=True)),
            ("named_currency", models.CharField(blank=True, db_default="", default="", max_length=3)),
            ("put_in_at", models.DateTimeField(default=django.utils.timezone.now)),
            (
                "bundle",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="payments.bundle"
                ),
            ),
            (
                "course",
                models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="courses.course"),
            ),
            (
                "owner",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="cart_items", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"ordering": ["id"]},
    ),
    migrations.CreateModel(
        name="Coupon",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("percent", "Percent off"),
                        ("amount", "Amount off"),
                        ("fixed_price", "Fixed price"),
                        ("free", "Free"),
                    ],
                    max_length=12,
                ),
            ),
            ("value", models.PositiveBigIntegerField(default=0)),
            ("currency", models.CharField(blank=True, default="", max_length=3)),
            ("min_amount_minor", models.PositiveBigIntegerField(default=0)),
            ("min_courses", models.PositiveSmallIntegerField(default=1)),
            ("most_minor", models.PositiveBigIntegerField(db_default=0, default=0)),
            ("most_currency", models.CharField(blank=True, db_default="", default="", max_length=3)),
            ("code", models.CharField(max_length=24, unique=True)),
            (
                "bearer",
                models.CharField(choices=[("creator", "The creator"), ("platform", "The platform")], max_length=8),
            ),
            ("starts_at", models.DateTimeField()),
            ("ends_at", models.DateTimeField(null=True)),
            ("cap_total", models.PositiveIntegerField(null=True)),
            ("cap_person", models.PositiveIntegerField(default=1, null=True)),
            ("seats_taken", models.PositiveIntegerField(default=0)),
            ("made_at", models.DateTimeField()),
            ("ended_at", models.DateTimeField(null=True)),
            ("end_reason", models.CharField(blank=True, max_length=300)),
            ("courses", models.ManyToManyField(blank=True, related_name="+", to="courses.course")),
            (
                "creator",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="coupons",
                    to="creators.creator",
                ),
            ),
            (
                "ended_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "made_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="CouponUse",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            (
                "state",
                models.CharField(
                    choices=[("reserved", "Reserved"), ("used", "Used"), ("released", "Released")],
                    default="reserved",
                    max_length=8,
                ),
            ),
            ("is_beyond_cap", models.BooleanField(default=False)),
            ("reserved_at", models.DateTimeField()),
            ("used_at", models.DateTimeField(null=True)),
            ("released_at", models.DateTimeField(null=True)),
            (
                "buyer",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "coupon",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="payments.coupon"
                ),
            ),
            (
                "order",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="coupon_use", to="payments.order"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="CourseEscrow",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("cause", models.CharField(max_length=60, unique=True)),
            ("opened_at", models.DateTimeField()),
            ("closed_at", models.DateTimeField(null=True)),
            (
                "outcome",
                models.CharField(
                    blank=True, choices=[("back", "Back to its creators"), ("award", "To the claimant")], max_length=8
                ),
            ),
            ("settled_at", models.DateTimeField(null=True)),
            (
                "closed_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="escrows", to="courses.course"
                ),
            ),
            (
                "opened_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "payee",
                models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.PROTECT, related_name="awards", to="creators.creator"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="CourseSplit",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("starts_at", models.DateTimeField()),
            ("made_at", models.DateTimeField()),
            ("agreed_at", models.DateTimeField(null=True)),
            ("holds_from", models.DateTimeField(null=True)),
            ("closed_at", models.DateTimeField(null=True)),
            (
                "closed_by",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to=settings.AUTH_USER_MODEL,
                ),
            ),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="splits", to="courses.course"
                ),
            ),
            (
                "made_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="CurrencyRail",
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
                    verbose_name="currency",
                ),
            ),
            (
                "rail",
                models.CharField(
                    blank=True,
                    choices=[
                        ("stripe_transfer", "Transfer by the payment provider"),
                        ("manual_bank_file", "Bank order by file"),
                    ],
                    max_length=20,
                ),
            ),
            ("chosen_at", models.DateTimeField()),
            ("reason", models.CharField(max_length=500, verbose_name="reason")),
            (
                "chosen_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Dispute",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            ("provider_dispute_id", models.CharField(max_length=80, unique=True)),
            ("charge_id", models.CharField(db_index=True, max_length=80)),
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
            ("settled_currency", models.CharField(blank=True, db_default="", default="", max_length=3)),
            ("withdrawn_minor", models.PositiveBigIntegerField(default=0)),
            ("returned_minor", models.PositiveBigIntegerField(default=0)),
            ("fee_minor", models.BigIntegerField(default=0)),
            ("lost_minor", models.PositiveBigIntegerField(default=0)),
            ("rate_minor", models.BigIntegerField(db_default=0, default=0)),
            ("reason", models.CharField(max_length=40)),
            (
                "state",
                models.CharField(
                    choices=[
                        ("warning_needs_response", "The bank asks: an answer is due"),
                        ("warning_under_review", "The bank reads our answer"),
                        ("warning_closed", "The bank let it go"),
                        ("needs_response", "An answer is due"),
                        ("under_review", "The bank decides"),
                        ("prevented", "Settled before it was disputed"),
                        ("won", "Won"),
                        ("lost", "Lost"),
                    ],
                    max_length=24,
                ),
            ),
            ("evidence_due_at", models.DateTimeField(null=True)),
            ("opened_at", models.DateTimeField()),
            ("heard_at", models.DateTimeField(default=marketplace.lib.clock.now)),
            ("closed_at", models.DateTimeField(null=True)),
            (
                "outcome",
                models.CharField(
                    blank=True, choices=[("won", "Won"), ("lost", "Lost"), ("dropped", "Let go")], max_length=8
                ),
            ),
            ("settled_at", models.DateTimeField(null=True)),
            (
                "order",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="payments.order"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="DisputeEvidence",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            (
                "kind",
                models.CharField(
                    choices=[("evidence", "Evidence"), ("accepted", "Accepted: the buyer keeps the money")],
                    max_length=10,
                ),
            ),
            ("at", models.DateTimeField()),
            ("reason", models.CharField(blank=True, max_length=300)),
            ("fields", models.JSONField(default=dict)),
            ("sent_at", models.DateTimeField(null=True)),
            ("refused_at", models.DateTimeField(null=True)),
            ("refusal", models.CharField(blank=True, max_length=300)),
            (
                "dispute",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="payments.dispute"
                ),
            ),
            (
                "submitted_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
        ],
        options={"verbose_name_plural": "dispute evidence", "ordering": ["id"]},
    ),
    migrations.CreateModel(
        name="IncomeMonth",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            (
                "role",
                models.CharField(
                    choices=[("creator", "Your own course"), ("coauthor", "As co-author"), ("promoter", "As promoter")],
                    max_length=8,
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
                ),
            ),
            ("month", models.DateField()),
            ("sales", models.BigIntegerField(default=0)),
            ("gross_minor", models.BigIntegerField(default=0)),
            ("discount_minor", models.BigIntegerField(default=0)),
            ("promotion_minor", models.BigIntegerField(default=0)),
            ("tax_minor", models.BigIntegerField(default=0)),
            ("platform_minor", models.BigIntegerField(default=0)),
            ("affiliate_minor", models.BigIntegerField(default=0)),
            ("coauthors_minor", models.BigIntegerField(default=0)),
            ("share_minor", models.BigIntegerField(default=0)),
            ("returned_minor", models.BigIntegerField(default=0)),
            ("first_item", models.BigIntegerField(null=True)),
            ("last_item", models.BigIntegerField(null=True)),
            (
                "course",
                models.ForeignKey(
                    db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.course"
                ),
            ),
            (
                "owner",
                models.ForeignKey(
                    db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="creators.creator"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="Inquiry",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            (
                "subject",
                models.CharField(
                    choices=[
                        ("order", "An order that is open for long"),
                        ("refund", "A refund that the provider left pending"),
                        ("charge", "A charge without its fee"),
                        ("dispute", "A dispute of which nothing was heard"),
                        ("books", "Our books and the provider's"),
                    ],
                    max_length=8,
                ),
            ),
            ("key", models.CharField(max_length=80)),
        ],
        options={
            "verbose_name_plural": "inquiries",
            "indexes": [
                models.Index(
                    condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="inquiry_due"
                )
            ],
            "constraints": [models.UniqueConstraint(fields=("subject", "key"), name="one_inquiry_a_thing")],
        },
    ),
    migrations.CreateModel(
        name="InstalmentOffer",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("months", models.PositiveSmallIntegerField()),
            ("chosen_at", models.DateTimeField(auto_now_add=True)),
            (
                "chosen_by",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                ),
            ),
            (
                "course",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="instalment_offers", to="courses.course"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="MeansRelease",
        fields=[
            ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
            ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ("lease_until", models.DateTimeField(editable=False, null=True)),
            ("finished_at", models.DateTimeField(editable=False, null=True)),
            ("dead_at", models.DateTimeField(editable=False, null=True)),
            ("last_error", models.TextField(blank=True, editable=False)),
            (
                "plan",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    primary_key=True,
                    related_name="means_release",
                    serialize=False,
                    to="payments.instalmentplan",
                ),
            ),
        ],
    ),
    migrations.AddField(
        model_name="order",
        name="plan",
        field=models.ForeignKey(
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="orders",
            to="payments.instalmentplan",
        ),
    ),
    migrations.CreateModel(
        name="Invoice",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            ("number", models.CharField(max_length=28, unique=True)),
            ("issued_at", models.DateTimeField(default=marketplace.lib.clock.now)),
            ("snapshot", models.JSONField()),
            (
                "order",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="invoice", to="payments.order"
                ),
            ),
        ],
        options={"abstract": False},
    ),
    migrations.CreateModel(
        name="CreditNote",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("book", models.CharField(choices=[("live", "Live"), ("sandbox", "Sandbox")], max_length=8)),
            ("number", models.CharField(max_length=28, unique=True)),
            ("issued_at", models.DateTimeField(default=marketplace.lib.clock.now)),
            ("snapshot", models.JSONField()),
            (
                "refund",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT, related_name="credit_note", to="payments.refund"
                ),
            ),
            (
                "invoice",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="credit_notes", to="payments.invoice"
                ),
            ),
        ],
        options={"abstract": False},
    ),
    migrations.CreateModel(
        name="InvoiceSeries",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("book", models.CharField(max_length=8)),
            ("year", models.PositiveSmallIntegerField()),
            (
                "kind",
                models.CharField(
                    choices=[("invoice", "Invoice"), ("credit_note", "Credit Note")], default="invoice", max_length=12
                ),
            ),
            ("last", models.PositiveIntegerField()),
        ],
        options={
            "verbose_name_plural": "invoice series",
            "constraints": [
                models.UniqueConstraint(fields=("book", "year", "kind"), name="one_series_a_year_and_kind")
            ],
        },
    ),
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
        ],
    ),
    migrations.CreateModel(
        name="EscrowedShare",
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
            ("given_minor", models.PositiveBigIntegerField(default=0)),
            ("taken_at", models.DateTimeField()),
            (
                "end",
                models.CharField(
                    blank=True, choices=[("back", "Back to its creators"), ("award", "To the claimant")], max_length=8
                ),
            ),
            ("ended_at", models.DateTimeField(null=True)),
            ("paid_at", models.DateTimeField(null=True)),
            (
                "escrow",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="payments.courseescrow"
                ),
            ),
            (
                "owner",
                models.ForeignKey(
                    db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="creators.creator"
                ),
            ),
            (
                "share",
                models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="escrowed", to="payments.itemshare"
                ),
            ),
        ],
    ),
    migrations.CreateModel(
        name="LedgerBalance",
        fields=[
            (
                "account",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    primary_key=True,
                    related_name="balance",
                    serialize=False,
                    to="payments.ledgeraccount",
                ),
            ),
            ("amount_minor", models.BigIntegerField()),
            ("last_posting_id", models.BigIntegerField()),
        ],
    ),
    migrations.CreateModel(
        name="LedgerCheckpoint",
        fields=[
            (
                "account",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    primary_key=True,
                    related_name="checkpoint",
                    serialize=False,
                    to="payments.ledgeraccount",
                ),
            ),
            ("through_posting_id", models.BigIntegerField()),
            ("amount_minor", models.BigIntegerField()),
        ],
    ),
    migrations.AddIndex(
        model_name="ledgeraccount", index=models.Index(fields=["owner_id", "kind"], name="ledger_account_owner")
    ),
    migrations.AddConstraint(
        model_name="ledgeraccount",
        constraint=models.UniqueConstraint(
            fields=("book", "kind", "owner_id", "currency"), name="one_ledger_account", nulls_distinct=False
        ),
    ),
    migrations.AddConstraint(
        model_name="ledgeraccount",
        constraint=models.UniqueConstraint(fields=("id", "currency"), name="ledger_account_currency"),
    ),
    migrations.AddConstraint(
        model_name="ledgeraccount",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(
                    (
                        "kind__in",
                        [
                            "affiliate_available",
                            "affiliate_pending",
                            "creator_available",
                            "creator_pending",
                            "creator_reserve",
                            "payout_in_transit",
                            "rights_escrow",
                        ],
                    ),
                    ("owner_id__isnull", False),
                ),
                models.Q(
                    models.Q(
                        (
                            "kind__in",
                            [
                                "affiliate_available",
                                "affiliate_pending",
                                "creator_available",
                                "creator_pending",
                                "creator_reserve",
                                "payout_in_transit",
                                "rights_escrow",
                            ],
                        ),
                        _negated=True,
                    ),
                    ("owner_id", None),
                ),
                _connector="OR",
            ),
            name="ledger_account_owner_by_kind",
        ),
    ),
    migrations.AddConstraint(
        model_name="ledgeraccount",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("cached", True), ("kind__in", ["creator_available", "creator_reserve", "payout_in_transit"])),
                models.Q(
                    models.Q(
                        ("kind__in", ["creator_available", "creator_reserve", "payout_in_transit"]), _negated=True
                    ),
                    ("cached", False),
                ),
                _connector="OR",
            ),
            name="ledger_account_cached_by_kind",
        ),
    ),
    migrations.AddConstraint(
        model_name="ledgeraccount",
        constraint=models.CheckConstraint(
            condition=models.Q(("book__in", ["live", "sandbox"])), name="ledger_account_book"
        ),
    ),
    migrations.AddField(
        model_name="accountmonth",
        name="account",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="months",
            to="payments.ledgeraccount",
        ),
    ),
    migrations.CreateModel(
        name="ProviderMatch",
        fields=[
            (
                "entry",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    primary_key=True,
                    related_name="provider_match",
                    serialize=False,
                    to="payments.ledgerentry",
                ),
            ),
            ("matched_at", models.DateTimeField(auto_now_add=True)),
        ],
    ),
    migrations.AddField(
        model_name="ledgerentry",
        name="reverses",
        field=models.OneToOneField(
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="reversed_by",
            to="payments.ledgerentry",
        ),
    ),
    migrations.AddField(
        model_name="ledgerposting",
        name="account",
        field=models.ForeignKey(
            db_index=False,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="postings",
            to="payments.ledgeraccount",
        ),
    ),
    migrations.AddField(
        model_name="ledgerposting",
        name="entry",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="postings", to="payments.ledgerentry"
        ),
    ),
    migrations.CreateModel(
        name="LedgerSealLeaves",
        fields=[
            (
                "seal",
                models.OneToOneField(
                    on_delete=django.db.models.deletion.PROTECT,
                    primary_key=True,
                    related_name="leaves",
                    serialize=False,
                    to="payments.ledgerseal",
                ),
            ),
            ("rows", models.BinaryField()),
        ],
    ),
    migrations.AddConstraint(
        model_name="ledgerseal", constraint=models.UniqueConstraint(fields=("book", "day"), name="one_seal_a_day")
    ),
    migrations.AddConstraint(
        model_name="ledgerseal",
        constraint=models.UniqueConstraint(fields=("book", "previous"), name="one_seal_follows_another"),
    ),
    migrations.AddConstraint(
        model_name="ledgerseal",
        constraint=models.CheckConstraint(
            condition=models.Q(("entries", 0), ("last_id__gte", models.F("first_id")), _connector="OR"),
            name="seal_range",
        ),
    ),
    migrations.AddField(
        model_name="madegood",
        name="owner",
        field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="creators.creator"),
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
    migrations.AddField(
        model_name="meterreading",
        name="refund",
        field=models.OneToOneField(
            on_delete=django.db.models.deletion.PROTECT, related_name="reading", to="payments.refund"
        ),
    ),
    migrations.AddField(
        model_name="monthclose",
        name="closed_by",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="orderitem",
        name="affiliate",
        field=models.ForeignKey(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="promoted_items", to="creators.creator"
        ),
    ),
    migrations.AddField(
        model_name="orderitem",
        name="bundle_price",
        field=models.ForeignKey(
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="items",
            to="payments.bundleprice",
        ),
    ),
    migrations.AddField(
        model_name="orderitem",
        name="buyer",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="orderitem",
        name="course",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="order_items", to="courses.course"
        ),
    ),
    migrations.AddField(
        model_name="orderitem",
        name="creator",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="order_items", to="creators.creator"
        ),
    ),
    migrations.AddField(
        model_name="orderitem",
        name="order",
        field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="items", to="payments.order"),
    ),
    migrations.AddField(
        model_name="meterreading",
        name="item",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="readings", to="payments.orderitem"
        ),
    ),
    migrations.AddField(
        model_name="itemshare",
        name="item",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="payments.orderitem"
        ),
    ),
    migrations.AddField(
        model_name="paymentway",
        name="set_by",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="arrival",
        name="way",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.paymentway"
        ),
    ),
    migrations.AddField(
        model_name="payout",
        name="creator",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="payouts", to="creators.creator"
        ),
    ),
    migrations.AddField(
        model_name="bankorder",
        name="payout",
        field=models.OneToOneField(
            on_delete=django.db.models.deletion.PROTECT, related_name="bank_order", to="payments.payout"
        ),
    ),
    migrations.AddField(
        model_name="payoutaccount",
        name="creator",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="payout_accounts", to="creators.creator"
        ),
    ),
    migrations.AddField(
        model_name="bankdetails",
        name="account",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="bank_details", to="payments.payoutaccount"
        ),
    ),
    migrations.AddField(
        model_name="payoutapproval",
        name="by",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="payoutapproval",
        name="payout",
        field=models.OneToOneField(
            on_delete=django.db.models.deletion.PROTECT, related_name="approval", to="payments.payout"
        ),
    ),
    migrations.AddField(
        model_name="payouthold",
        name="creator",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="payout_holds", to="creators.creator"
        ),
    ),
    migrations.AddField(
        model_name="payouthold",
        name="lifted_by",
        field=models.ForeignKey(
            blank=True,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            to=settings.AUTH_USER_MODEL,
        ),
    ),
    migrations.AddField(
        model_name="payouthold",
        name="placed_by",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="payoutitem",
        name="payout",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="items", to="payments.payout"
        ),
    ),
    migrations.AddField(
        model_name="payoutitem",
        name="share",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="payout_items", to="payments.itemshare"
        ),
    ),
    migrations.AddField(
        model_name="payoutrun",
        name="started_by",
        field=models.ForeignKey(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="payout",
        name="run",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="payouts", to="payments.payoutrun"
        ),
    ),
    migrations.AddField(
        model_name="bankfile",
        name="run",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="bank_files", to="payments.payoutrun"
        ),
    ),
    migrations.AddField(
        model_name="payoutskip",
        name="creator",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="payout_skips", to="creators.creator"
        ),
    ),
    migrations.AddField(
        model_name="payoutskip",
        name="hold",
        field=models.ForeignKey(
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            to="payments.payouthold",
        ),
    ),
    migrations.AddField(
        model_name="payoutskip",
        name="run",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="skips", to="payments.payoutrun"
        ),
    ),
    migrations.AddField(
        model_name="payoutstop",
        name="lifted_by",
        field=models.ForeignKey(
            blank=True,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            to=settings.AUTH_USER_MODEL,
        ),
    ),
    migrations.AddField(
        model_name="payoutstop",
        name="placed_by",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="planpause",
        name="plan",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="pauses", to="payments.instalmentplan"
        ),
    ),
    migrations.AddField(
        model_name="promoterstop",
        name="creator",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="promoter_stops", to="creators.creator"
        ),
    ),
    migrations.AddField(
        model_name="promoterstop",
        name="lifted_by",
        field=models.ForeignKey(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="promoterstop",
        name="placed_by",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddConstraint(
        model_name="providercursor",
        constraint=models.UniqueConstraint(fields=("name", "book"), name="one_provider_cursor"),
    ),
    migrations.AddIndex(
        model_name="providerevent",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="provider_event_due"
        ),
    ),
    migrations.AddIndex(
        model_name="providerevent", index=models.Index(fields=["object_id"], name="provider_event_object")
    ),
    migrations.AddConstraint(
        model_name="providerevent",
        constraint=models.UniqueConstraint(fields=("provider", "book", "event_id"), name="one_provider_event"),
    ),
    migrations.AddIndex(
        model_name="providertransaction", index=models.Index(fields=["book", "created"], name="provider_txn_created")
    ),
    migrations.AddIndex(
        model_name="providertransaction", index=models.Index(fields=["source"], name="provider_txn_source")
    ),
    migrations.AddField(
        model_name="reconbreak",
        name="resolved_by",
        field=models.ForeignKey(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="referral",
        name="course",
        field=models.ForeignKey(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.course"
        ),
    ),
    migrations.AddField(
        model_name="referral",
        name="owner",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="referrals", to="creators.creator"
        ),
    ),
    migrations.AddField(
        model_name="referralday",
        name="referral",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.CASCADE, related_name="days", to="payments.referral"
        ),
    ),
    migrations.AddField(
        model_name="refundline",
        name="item",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="refund_lines", to="payments.orderitem"
        ),
    ),
    migrations.AddField(
        model_name="refundline",
        name="refund",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="payments.refund"
        ),
    ),
    migrations.AddField(
        model_name="refundrule",
        name="introduced_by",
        field=models.ForeignKey(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="order",
        name="refund_rule",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.refundrule"
        ),
    ),
    migrations.AddField(
        model_name="meterreading",
        name="rule",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.refundrule"
        ),
    ),
    migrations.AddField(
        model_name="instalmentplan",
        name="refund_rule",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.refundrule"
        ),
    ),
    migrations.AddField(
        model_name="refundshare",
        name="line",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="shares", to="payments.refundline"
        ),
    ),
    migrations.AddField(
        model_name="refundshare",
        name="owner",
        field=models.ForeignKey(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="creators.creator"
        ),
    ),
    migrations.AddField(
        model_name="refundshare",
        name="share",
        field=models.ForeignKey(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="taken", to="payments.itemshare"
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
        model_name="reserve",
        name="owner",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="reserves", to="creators.creator"
        ),
    ),
    migrations.AddField(
        model_name="reserve",
        name="share",
        field=models.OneToOneField(
            on_delete=django.db.models.deletion.PROTECT, related_name="reserve", to="payments.itemshare"
        ),
    ),
    migrations.AddField(
        model_name="reserverule",
        name="creator",
        field=models.ForeignKey(
            blank=True,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="reserve_rules",
            to="creators.creator",
        ),
    ),
    migrations.AddField(
        model_name="reserverule",
        name="ended_by",
        field=models.ForeignKey(
            blank=True,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            to=settings.AUTH_USER_MODEL,
        ),
    ),
    migrations.AddField(
        model_name="reserverule",
        name="placed_by",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="reserve",
        name="rule",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="reserves", to="payments.reserverule"
        ),
    ),
    migrations.AddField(
        model_name="revenuerule",
        name="introduced_by",
        field=models.ForeignKey(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="orderitem",
        name="rule",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.revenuerule"
        ),
    ),
    migrations.AddConstraint(
        model_name="rollupmark",
        constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="one_rollup_mark"),
    ),
    migrations.AddField(
        model_name="ruleannouncement",
        name="rule",
        field=models.OneToOneField(
            on_delete=django.db.models.deletion.PROTECT, related_name="announcement", to="payments.revenuerule"
        ),
    ),
    migrations.AddIndex(
        model_name="sandboxevent",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="sandbox_event_due"
        ),
    ),
    migrations.AddField(
        model_name="sandboxpayment",
        name="customer",
        field=models.ForeignKey(
            null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="payments.sandboxcustomer"
        ),
    ),
    migrations.AddField(
        model_name="sandboxdispute",
        name="payment",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="disputes", to="payments.sandboxpayment"
        ),
    ),
    migrations.AddField(
        model_name="sandboxrefund",
        name="payment",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="refunds", to="payments.sandboxpayment"
        ),
    ),
    migrations.AddField(
        model_name="sandboxsession",
        name="payment",
        field=models.OneToOneField(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="session", to="payments.sandboxpayment"
        ),
    ),
    migrations.AddConstraint(
        model_name="sandboxtransaction",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("net", django.db.models.expressions.CombinedExpression(models.F("amount"), "-", models.F("fee")))
            ),
            name="sandbox_net",
        ),
    ),
    migrations.AddField(
        model_name="sandboxtransfer",
        name="destination",
        field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="payments.sandboxaccount"),
    ),
    migrations.AddField(
        model_name="sandboxreversal",
        name="transfer",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="reversals", to="payments.sandboxtransfer"
        ),
    ),
    migrations.AddConstraint(
        model_name="sandboxweather",
        constraint=models.CheckConstraint(
            condition=models.Q(("drop_percent__lte", 100), ("pk", 1)), name="sandbox_one_weather"
        ),
    ),
    migrations.AddField(
        model_name="splitline",
        name="creator",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="split_lines", to="creators.creator"
        ),
    ),
    migrations.AddField(
        model_name="splitline",
        name="split",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="payments.coursesplit"
        ),
    ),
    migrations.AddField(
        model_name="taxidentity",
        name="creator",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="tax_identities", to="creators.creator"
        ),
    ),
    migrations.AddField(
        model_name="taxidentity",
        name="given_by",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="taxpayment",
        name="entry",
        field=models.OneToOneField(
            on_delete=django.db.models.deletion.PROTECT, related_name="tax_payment", to="payments.ledgerentry"
        ),
    ),
    migrations.AddField(
        model_name="taxpayment",
        name="paid_by",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="taxrate",
        name="introduced_by",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="tip",
        name="order",
        field=models.OneToOneField(
            on_delete=django.db.models.deletion.PROTECT, related_name="tip", to="payments.order"
        ),
    ),
    migrations.AddField(
        model_name="tipstop",
        name="creator",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="tip_stops", to="creators.creator"
        ),
    ),
    migrations.AddField(
        model_name="tipstop",
        name="lifted_by",
        field=models.ForeignKey(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="tipstop",
        name="placed_by",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="yearreport",
        name="creator",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="year_reports", to="creators.creator"
        ),
    ),
    migrations.AddField(
        model_name="yearreport",
        name="identity",
        field=models.ForeignKey(
            null=True, on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="payments.taxidentity"
        ),
    ),
    migrations.AddField(
        model_name="yearreport",
        name="issued_by",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddField(
        model_name="yearround",
        name="asked_by",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddIndex(
        model_name="afterrefund",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="after_refund_due"
        ),
    ),
    migrations.AddField(
        model_name="handrefund",
        name="by",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
        ),
    ),
    migrations.AddIndex(
        model_name="aftersale",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="after_sale_due"
        ),
    ),
    migrations.AddField(
        model_name="handpayment",
        name="way",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="hand_payments", to="payments.paymentway"
        ),
    ),
    migrations.AddIndex(
        model_name="instalmentcharge",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)),
            fields=["due_at"],
            name="instalment_charge_due",
        ),
    ),
    migrations.AddIndex(
        model_name="refund",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="refund_due"
        ),
    ),
    migrations.AddIndex(
        model_name="refund",
        index=models.Index(
            condition=models.Q(("origin", ""), _negated=True), fields=["origin"], name="refund_of_origin"
        ),
    ),
    migrations.AddIndex(
        model_name="refund",
        index=models.Index(condition=models.Q(("state", "requested")), fields=["order"], name="refund_under_way"),
    ),
    migrations.AddConstraint(
        model_name="refund",
        constraint=models.CheckConstraint(
            condition=models.Q(("came_back_at", None), ("state", "done"), _connector="OR"),
            name="refund_came_back_after_it_was_done",
        ),
    ),
    migrations.AddIndex(
        model_name="arrivalstep", index=models.Index(fields=["arrival", "-id"], name="arrival_step_newest")
    ),
    migrations.AddConstraint(
        model_name="arrivalstep",
        constraint=models.UniqueConstraint(
            condition=models.Q(("state__in", ["booked", "withdrawn", "to_send_back"])),
            fields=("arrival",),
            name="an_arrival_ends_once",
        ),
    ),
    migrations.AddConstraint(
        model_name="arrivalstep",
        constraint=models.UniqueConstraint(
            condition=models.Q(("state", "sent_back")), fields=("arrival",), name="an_arrival_goes_back_once"
        ),
    ),
    migrations.AddConstraint(
        model_name="arrivalstep",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("order__isnull", False), ("state", "booked")),
                models.Q(("order__isnull", False), ("state", "waiting")),
                models.Q(("state", "unmatched"), models.Q(("why", ""), _negated=True)),
                models.Q(("state__in", ["withdrawn", "to_send_back"]), models.Q(("reason", ""), _negated=True)),
                models.Q(("state", "sent_back"), models.Q(("bank_reference", ""), _negated=True)),
                _connector="OR",
            ),
            name="arrival_step_says_what_it_must",
        ),
    ),
    migrations.AddConstraint(
        model_name="bankanswer",
        constraint=models.CheckConstraint(
            condition=models.Q(("reference", ""), _negated=True), name="bank_answer_has_a_reference"
        ),
    ),
    migrations.AddConstraint(
        model_name="bankanswer",
        constraint=models.CheckConstraint(
            condition=models.Q(("executed", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
            name="bank_refused_for_a_reason",
        ),
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
    migrations.AddConstraint(
        model_name="bundle",
        constraint=models.CheckConstraint(condition=models.Q(("price_minor__gt", 0)), name="bundle_costs_something"),
    ),
    migrations.AddConstraint(
        model_name="bundle",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("currency__in", ["USD", "EUR", "GBP", "CNY", "HKD", "SGD", "JPY", "KRW", "TWD", "KWD"])
            ),
            name="bundle_currency_is_known",
        ),
    ),
    migrations.AddConstraint(
        model_name="bundle",
        constraint=models.CheckConstraint(
            condition=models.Q(("is_offered", False), ("first_offered_at__isnull", False), _connector="OR"),
            name="an_offered_bundle_has_a_date",
        ),
    ),
    migrations.AddConstraint(
        model_name="bundlecourse",
        constraint=models.UniqueConstraint(fields=("bundle", "course"), name="a_course_once_a_bundle"),
    ),
    migrations.AddIndex(
        model_name="cardtrace",
        index=models.Index(condition=models.Q(("card", ""), _negated=True), fields=["card"], name="trace_of_card"),
    ),
    migrations.AddIndex(model_name="cardtrace", index=models.Index(fields=["tried_at"], name="trace_age")),
    migrations.AddConstraint(
        model_name="cartitem",
        constraint=models.UniqueConstraint(fields=("owner", "course"), name="a_course_once_a_cart"),
    ),
    migrations.AddConstraint(
        model_name="cartitem",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("named_currency", ""), ("named_minor", None)),
                models.Q(
                    ("named_currency__in", ["USD", "EUR", "GBP", "CNY", "HKD", "SGD", "JPY", "KRW", "TWD", "KWD"]),
                    ("named_minor__isnull", False),
                ),
                _connector="OR",
            ),
            name="cart_names_an_amount_with_its_currency",
        ),
    ),
    migrations.AddIndex(model_name="coupon", index=models.Index(fields=["creator", "-id"], name="coupon_of_creator")),
    migrations.AddConstraint(
        model_name="coupon",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("kind", "percent"), ("value__gt", 0), ("value__lt", 10000)),
                models.Q(
                    ("kind__in", ["amount", "fixed_price"]), ("value__gt", 0), models.Q(("currency", ""), _negated=True)
                ),
                models.Q(("kind", "free"), ("value", 0)),
                _connector="OR",
            ),
            name="coupon_value_fits_kind",
        ),
    ),
    migrations.AddConstraint(
        model_name="coupon",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("currency__in", ["", "USD", "EUR", "GBP", "CNY", "HKD", "SGD", "JPY", "KRW", "TWD", "KWD"])
            ),
            name="coupon_currency_is_known",
        ),
    ),
    migrations.AddConstraint(
        model_name="coupon",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("bearer", "platform"), ("creator", None)),
                models.Q(("bearer", "creator"), ("creator__isnull", False)),
                _connector="OR",
            ),
            name="coupon_borne_by_its_maker",
        ),
    ),
    migrations.AddConstraint(
        model_name="coupon",
        constraint=models.CheckConstraint(
            condition=models.Q(("code__regex", "^[A-Z0-9][A-Z0-9-]{3,23}$")), name="coupon_code_shape"
        ),
    ),
    migrations.AddConstraint(
        model_name="coupon",
        constraint=models.CheckConstraint(
            condition=models.Q(("ends_at", None), ("ends_at__gt", models.F("starts_at")), _connector="OR"),
            name="coupon_window",
        ),
    ),
    migrations.AddConstraint(
        model_name="coupon",
        constraint=models.CheckConstraint(
            condition=models.Q(("cap_total", None), ("cap_total__gte", models.F("seats_taken")), _connector="OR"),
            name="coupon_seats_within_cap",
        ),
    ),
    migrations.AddConstraint(
        model_name="coupon",
        constraint=models.CheckConstraint(
            condition=models.Q(("creator__isnull", False), ("cap_total__isnull", False), _connector="OR"),
            name="coupon_of_platform_has_a_cap",
        ),
    ),
    migrations.AddConstraint(
        model_name="coupon",
        constraint=models.CheckConstraint(
            condition=models.Q(("min_amount_minor", 0), models.Q(("currency", ""), _negated=True), _connector="OR"),
            name="coupon_minimum_has_a_currency",
        ),
    ),
    migrations.AddConstraint(
        model_name="coupon",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(
                    ("creator", None),
                    ("most_currency__in", ["USD", "EUR", "GBP", "CNY", "HKD", "SGD", "JPY", "KRW", "TWD", "KWD"]),
                    ("most_minor__gt", 0),
                    models.Q(("kind", "amount"), _negated=True),
                ),
                models.Q(
                    models.Q(("creator__isnull", False), ("kind", "amount"), _connector="OR"),
                    ("most_currency", ""),
                    ("most_minor", 0),
                ),
                _connector="OR",
            ),
            name="coupon_of_platform_has_a_most",
        ),
    ),
    migrations.AddConstraint(
        model_name="coupon",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("most_currency", ""), ("currency", ""), ("most_currency", models.F("currency")), _connector="OR"
            ),
            name="coupon_most_in_its_currency",
        ),
    ),
    migrations.AddConstraint(
        model_name="coupon",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("ended_at", None), ("ended_by", None)),
                models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                _connector="OR",
            ),
            name="coupon_ended_by_somebody",
        ),
    ),
    migrations.AddIndex(
        model_name="couponuse", index=models.Index(fields=["coupon", "buyer"], name="coupon_use_of_buyer")
    ),
    migrations.AddConstraint(
        model_name="couponuse",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("released_at", None), ("state", "reserved"), ("used_at", None)),
                models.Q(("state", "used"), ("used_at__isnull", False)),
                models.Q(("released_at__isnull", False), ("state", "released"), ("used_at", None)),
                _connector="OR",
            ),
            name="coupon_use_state_has_its_time",
        ),
    ),
    migrations.AddIndex(
        model_name="courseescrow",
        index=models.Index(condition=models.Q(("closed_at", None)), fields=["course"], name="escrow_open"),
    ),
    migrations.AddIndex(
        model_name="courseescrow",
        index=models.Index(
            condition=models.Q(("outcome", "award"), ("settled_at", None)), fields=["id"], name="escrow_unsettled"
        ),
    ),
    migrations.AddConstraint(
        model_name="courseescrow",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("closed_at", None), ("outcome", "")),
                models.Q(("closed_at__isnull", False), ("outcome__in", ["back", "award"])),
                _connector="OR",
            ),
            name="an_escrow_ends_for_somebody",
        ),
    ),
    migrations.AddIndex(
        model_name="coursesplit", index=models.Index(fields=["course", "-holds_from", "-id"], name="split_of_course")
    ),
    migrations.AddConstraint(
        model_name="coursesplit",
        constraint=models.UniqueConstraint(
            condition=models.Q(("agreed_at", None), ("closed_at", None)),
            fields=("course",),
            name="one_open_split_a_course",
        ),
    ),
    migrations.AddConstraint(
        model_name="coursesplit",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("agreed_at", None), ("holds_from", None)),
                models.Q(("agreed_at__isnull", False), ("closed_at", None), ("holds_from__gte", models.F("agreed_at"))),
                _connector="OR",
            ),
            name="split_holds_once_agreed",
        ),
    ),
    migrations.AddConstraint(
        model_name="coursesplit",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("closed_at", None), ("closed_by", None)),
                models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                _connector="OR",
            ),
            name="split_closed_by_somebody",
        ),
    ),
    migrations.AddIndex(
        model_name="currencyrail", index=models.Index(fields=["book", "currency", "-id"], name="currency_rail_newest")
    ),
    migrations.AddConstraint(
        model_name="currencyrail",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("rail__in", ["", "stripe_transfer", "manual_bank_file"]), models.Q(("reason", ""), _negated=True)
            ),
            name="currency_rail_is_known",
        ),
    ),
    migrations.AddIndex(
        model_name="dispute",
        index=models.Index(condition=models.Q(("settled_at", None)), fields=["evidence_due_at"], name="dispute_open"),
    ),
    migrations.AddConstraint(
        model_name="dispute",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("closed_at", None), ("outcome", "")),
                models.Q(("closed_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                _connector="OR",
            ),
            name="dispute_closed_with_an_outcome",
        ),
    ),
    migrations.AddConstraint(
        model_name="dispute",
        constraint=models.CheckConstraint(
            condition=models.Q(("settled_at", None), ("closed_at__isnull", False), _connector="OR"),
            name="dispute_settled_when_closed",
        ),
    ),
    migrations.AddConstraint(
        model_name="dispute",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(
                    ("rate_minor", 0),
                    (
                        "withdrawn_minor__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("returned_minor"), "+", models.F("lost_minor")
                        ),
                    ),
                ),
                models.Q(
                    models.Q(("settled_currency", ""), _negated=True),
                    models.Q(("settled_currency", models.F("currency")), _negated=True),
                ),
                _connector="OR",
            ),
            name="dispute_gives_what_it_took",
        ),
    ),
    migrations.AddConstraint(
        model_name="dispute",
        constraint=models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="dispute_amount_positive"),
    ),
    migrations.AddIndex(
        model_name="disputeevidence",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="dispute_answer_due"
        ),
    ),
    migrations.AddConstraint(
        model_name="disputeevidence",
        constraint=models.UniqueConstraint(
            condition=models.Q(("refused_at", None)), fields=("dispute",), name="one_answer_a_dispute"
        ),
    ),
    migrations.AddConstraint(
        model_name="incomemonth",
        constraint=models.UniqueConstraint(
            fields=("owner", "book", "currency", "month", "course", "role"), name="one_income_a_month"
        ),
    ),
    migrations.AddConstraint(
        model_name="incomemonth",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("role", "creator"), _negated=True),
                (
                    "share_minor",
                    django.db.models.expressions.CombinedExpression(
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("gross_minor"), "-", models.F("discount_minor")
                                        ),
                                        "+",
                                        models.F("promotion_minor"),
                                    ),
                                    "-",
                                    models.F("tax_minor"),
                                ),
                                "-",
                                models.F("platform_minor"),
                            ),
                            "-",
                            models.F("affiliate_minor"),
                        ),
                        "-",
                        models.F("coauthors_minor"),
                    ),
                ),
                _connector="OR",
            ),
            name="income_adds_up",
        ),
    ),
    migrations.AddConstraint(
        model_name="instalmentoffer",
        constraint=models.CheckConstraint(
            condition=models.Q(("months", 0), models.Q(("months__gte", 2), ("months__lte", 6)), _connector="OR"),
            name="instalments_are_two_to_six",
        ),
    ),
    migrations.AddIndex(
        model_name="meansrelease",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="means_release_due"
        ),
    ),
    migrations.AddField(
        model_name="releasedshare",
        name="owner",
        field=models.ForeignKey(
            db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="creators.creator"
        ),
    ),
    migrations.AddIndex(
        model_name="escrowedshare",
        index=models.Index(
            condition=models.Q(("end", "")), fields=["owner", "currency", "book"], name="escrowed_of_owner"
        ),
    ),
    migrations.AddConstraint(
        model_name="escrowedshare",
        constraint=models.UniqueConstraint(
            condition=models.Q(("end", "back"), _negated=True), fields=("share",), name="a_share_is_in_one_escrow"
        ),
    ),
    migrations.AddConstraint(
        model_name="escrowedshare",
        constraint=models.CheckConstraint(
            condition=models.Q(("amount_minor__gt", 0), ("given_minor__lte", models.F("amount_minor"))),
            name="escrow_gives_what_it_has",
        ),
    ),
    migrations.AddConstraint(
        model_name="accountmonth",
        constraint=models.UniqueConstraint(fields=("account", "month", "kind"), name="one_account_month"),
    ),
    migrations.AddField(
        model_name="providermatch",
        name="transaction",
        field=models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="matched", to="payments.providertransaction"
        ),
    ),
    migrations.AddIndex(
        model_name="ledgerentry", index=models.Index(fields=["occurred_at"], name="ledger_entry_occurred")
    ),
    migrations.AddIndex(
        model_name="ledgerposting", index=models.Index(fields=["account", "id"], name="ledger_posting_of_account")
    ),
    migrations.AddConstraint(
        model_name="ledgerposting",
        constraint=models.CheckConstraint(
            condition=models.Q(("amount_minor", 0), _negated=True), name="ledger_posting_not_zero"
        ),
    ),
    migrations.AddIndex(
        model_name="makinggood",
        index=models.Index(condition=models.Q(("closed_at", None)), fields=["id"], name="making_good_open"),
    ),
    migrations.AddConstraint(
        model_name="monthclose", constraint=models.UniqueConstraint(fields=("book", "month"), name="one_close_a_month")
    ),
    migrations.AddConstraint(
        model_name="monthclose",
        constraint=models.CheckConstraint(
            condition=models.Q(("month__day", 1)), name="month_close_names_its_first_day"
        ),
    ),
    migrations.AddIndex(
        model_name="itemshare", index=models.Index(fields=["owner", "-item"], name="item_share_of_owner")
    ),
    migrations.AddConstraint(
        model_name="itemshare",
        constraint=models.UniqueConstraint(
            fields=("item", "kind", "owner"), name="one_share_a_party", nulls_distinct=False
        ),
    ),
    migrations.AddConstraint(
        model_name="itemshare",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("kind", "platform"), ("owner", None)),
                models.Q(("kind__in", ["affiliate", "creator"]), ("owner__isnull", False)),
                _connector="OR",
            ),
            name="item_share_owner_by_kind",
        ),
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
    migrations.AddConstraint(
        model_name="payoutaccount",
        constraint=models.UniqueConstraint(fields=("creator", "book"), name="one_payout_account_a_book"),
    ),
    migrations.AddConstraint(
        model_name="payoutaccount",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(
                    ("kept_account_id", ""),
                    ("rail", "stripe_transfer"),
                    models.Q(("provider_account_id__startswith", "bank_"), _negated=True),
                ),
                models.Q(("provider_account_id__regex", "^bank_[0-9]+$"), ("rail", "manual_bank_file")),
                models.Q(
                    ("provider_account_id__startswith", "bank_of_"), ("rail", "manual_bank_file"), ("state", "pending")
                ),
                _connector="OR",
            ),
            name="payout_account_fits_its_rail",
        ),
    ),
    migrations.AddConstraint(
        model_name="bankdetails",
        constraint=models.UniqueConstraint(
            condition=models.Q(("decided_at", None)), fields=("account",), name="one_unanswered_bank_account"
        ),
    ),
    migrations.AddConstraint(
        model_name="bankdetails",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("accepted", None), ("decided_at", None)),
                models.Q(("accepted__isnull", False), ("decided_at__isnull", False)),
                _connector="OR",
            ),
            name="bank_details_decided_with_an_answer",
        ),
    ),
    migrations.AddConstraint(
        model_name="payoutapproval",
        constraint=models.CheckConstraint(
            condition=models.Q(("approves", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
            name="payout_declined_for_a_reason",
        ),
    ),
    migrations.AddConstraint(
        model_name="payouthold",
        constraint=models.UniqueConstraint(
            condition=models.Q(("lifted_at", None)), fields=("creator",), name="one_open_payout_hold"
        ),
    ),
    migrations.AddConstraint(
        model_name="payoutitem",
        constraint=models.UniqueConstraint(
            condition=models.Q(("freed", False)), fields=("share",), name="one_standing_payout_a_share"
        ),
    ),
    migrations.AddIndex(
        model_name="payoutrun",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="payout_run_due"
        ),
    ),
    migrations.AddIndex(
        model_name="payout",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="payout_due"
        ),
    ),
    migrations.AddIndex(model_name="payout", index=models.Index(fields=["creator", "-id"], name="payout_of_creator")),
    migrations.AddIndex(
        model_name="payout",
        index=models.Index(condition=models.Q(("state", "waiting")), fields=["id"], name="payout_waiting"),
    ),
    migrations.AddIndex(
        model_name="payout",
        index=models.Index(condition=models.Q(("flagged_at__isnull", False)), fields=["id"], name="payout_flagged"),
    ),
    migrations.AddConstraint(
        model_name="payout",
        constraint=models.UniqueConstraint(fields=("creator", "currency", "run"), name="one_payout_a_run"),
    ),
    migrations.AddConstraint(
        model_name="payout",
        constraint=models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="payout_is_positive"),
    ),
    migrations.AddConstraint(
        model_name="payout",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("sent_at__isnull", False), ("state", "sent"), ("transfer_id__isnull", False)),
                models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at", None), ("transfer_id", None)),
                _connector="OR",
            ),
            name="payout_sent_has_a_transfer",
        ),
    ),
    migrations.AddConstraint(
        model_name="payout",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("state__in", ["waiting", "void"]),
                ("needs_approval", False),
                ("approved_at__isnull", False),
                _connector="OR",
            ),
            name="payout_above_the_limit_is_approved",
        ),
    ),
    migrations.AddConstraint(
        model_name="payout",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("returned_minor", 0),
                models.Q(("returned_minor__lte", models.F("amount_minor")), ("state", "sent")),
                _connector="OR",
            ),
            name="payout_returned_was_sent",
        ),
    ),
    migrations.AddConstraint(
        model_name="payoutskip",
        constraint=models.UniqueConstraint(fields=("creator", "currency", "run"), name="one_payout_skip_a_run"),
    ),
    migrations.AddConstraint(
        model_name="payoutstop",
        constraint=models.UniqueConstraint(
            condition=models.Q(("lifted_at", None)), fields=("book", "currency"), name="one_open_payout_stop"
        ),
    ),
    migrations.AddConstraint(
        model_name="planpause",
        constraint=models.UniqueConstraint(
            condition=models.Q(("lifted_at", None)), fields=("plan",), name="one_open_pause_a_plan"
        ),
    ),
    migrations.AddConstraint(
        model_name="planpause",
        constraint=models.CheckConstraint(
            condition=models.Q(("lifted_at", None), ("lifted_at__gte", models.F("paused_at")), _connector="OR"),
            name="a_pause_ends_after_it_began",
        ),
    ),
    migrations.AddConstraint(
        model_name="promoterstop",
        constraint=models.UniqueConstraint(
            condition=models.Q(("lifted_at", None)), fields=("creator",), name="one_open_promoter_stop"
        ),
    ),
    migrations.AddConstraint(
        model_name="reconbreak",
        constraint=models.UniqueConstraint(
            condition=models.Q(("resolved_at", None)), fields=("book", "kind", "key"), name="one_open_break_a_thing"
        ),
    ),
    migrations.AddConstraint(
        model_name="reconbreak",
        constraint=models.CheckConstraint(
            condition=models.Q(("resolved_by", None), ("resolved_at__isnull", False), _connector="OR"),
            name="break_resolved_by_has_a_time",
        ),
    ),
    migrations.AddIndex(model_name="referral", index=models.Index(fields=["owner", "-id"], name="referral_of_owner")),
    migrations.AddConstraint(
        model_name="referral",
        constraint=models.CheckConstraint(
            condition=models.Q(("code__regex", "^[A-Z0-9][A-Z0-9-]{3,23}$")), name="referral_code_shape"
        ),
    ),
    migrations.AddConstraint(
        model_name="referralday",
        constraint=models.UniqueConstraint(fields=("referral", "day"), name="one_row_a_link_and_day"),
    ),
    migrations.AddConstraint(
        model_name="refundline",
        constraint=models.UniqueConstraint(fields=("refund", "item"), name="an_item_once_a_refund"),
    ),
    migrations.AddConstraint(
        model_name="refundline",
        constraint=models.UniqueConstraint(
            condition=models.Q(("ends_access", True), ("failed_at", None)), fields=("item",), name="a_right_ends_once"
        ),
    ),
    migrations.AddConstraint(
        model_name="refundrule",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("part_bps__gte", models.F("whole_bps")),
                ("part_bps__lte", 10000),
                ("part_days__gte", models.F("whole_days")),
            ),
            name="refund_rule_part_holds_the_whole",
        ),
    ),
    migrations.AddConstraint(
        model_name="refundrule",
        constraint=models.CheckConstraint(
            condition=models.Q(("introduced_by", None), models.Q(("reason", ""), _negated=True), _connector="OR"),
            name="refund_rule_introduced_with_reason",
        ),
    ),
    migrations.AddIndex(
        model_name="order",
        index=models.Index(condition=models.Q(("state", "pending")), fields=["placed_at"], name="order_open"),
    ),
    migrations.AddIndex(
        model_name="order",
        index=models.Index(condition=models.Q(("flagged_at__isnull", False)), fields=["id"], name="order_flagged"),
    ),
    migrations.AddIndex(
        model_name="order",
        index=models.Index(condition=models.Q(("plan__isnull", False)), fields=["plan", "part"], name="order_of_plan"),
    ),
    migrations.AddConstraint(
        model_name="order",
        constraint=models.UniqueConstraint(
            condition=models.Q(("state", "pending")), fields=("buyer", "basket"), name="one_open_order_a_basket"
        ),
    ),
    migrations.AddConstraint(
        model_name="order",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(
                    models.Q(("charge_id__isnull", False), ("total_minor", 0), _connector="OR"),
                    ("paid_at__isnull", False),
                    ("state__in", ["paid", "refunded"]),
                ),
                models.Q(("invoice_number", None), ("paid_at", None), ("state__in", ["pending", "expired", "failed"])),
                _connector="OR",
            ),
            name="order_paid_with_a_charge",
        ),
    ),
    migrations.AddConstraint(
        model_name="order",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(
                    ("is_tax_inclusive", True),
                    (
                        "total_minor",
                        django.db.models.expressions.CombinedExpression(
                            models.F("subtotal_minor"), "-", models.F("discount_minor")
                        ),
                    ),
                ),
                models.Q(
                    ("is_tax_inclusive", False),
                    (
                        "total_minor",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("subtotal_minor"), "-", models.F("discount_minor")
                            ),
                            "+",
                            models.F("tax_minor"),
                        ),
                    ),
                ),
                _connector="OR",
            ),
            name="order_total_adds_up",
        ),
    ),
    migrations.AddConstraint(
        model_name="order",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("currency__in", ["USD", "EUR", "GBP", "CNY", "HKD", "SGD", "JPY", "KRW", "TWD", "KWD"])
            ),
            name="order_currency_is_known",
        ),
    ),
    migrations.AddConstraint(
        model_name="order",
        constraint=models.UniqueConstraint(
            condition=models.Q(("state", "pending")), fields=("plan",), name="one_open_order_a_plan"
        ),
    ),
    migrations.AddConstraint(
        model_name="order",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("part", 0), ("part_to", 0), ("plan", None)),
                models.Q(("part__gte", 1), ("part_to__gte", models.F("part")), ("plan__isnull", False)),
                _connector="OR",
            ),
            name="order_of_a_plan_names_its_part",
        ),
    ),
    migrations.AddConstraint(
        model_name="meterreading",
        constraint=models.CheckConstraint(
            condition=models.Q(("amount_minor__gt", 0)), name="a_reading_gives_something"
        ),
    ),
    migrations.AddConstraint(
        model_name="meterreading",
        constraint=models.CheckConstraint(
            condition=models.Q(("kind__in", ["whole", "part"])), name="reading_kind_is_known"
        ),
    ),
    migrations.AddIndex(
        model_name="instalmentplan",
        index=models.Index(condition=models.Q(("state", "running")), fields=["next_at"], name="plan_due"),
    ),
    migrations.AddConstraint(
        model_name="instalmentplan",
        constraint=models.UniqueConstraint(
            condition=models.Q(("state", "proposed")), fields=("buyer", "key"), name="one_proposed_plan_a_key"
        ),
    ),
    migrations.AddConstraint(
        model_name="instalmentplan",
        constraint=models.UniqueConstraint(
            condition=models.Q(("state__in", ["running", "paused"])),
            fields=("buyer", "course"),
            name="one_live_plan_a_course",
        ),
    ),
    migrations.AddConstraint(
        model_name="instalmentplan",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("next_at__isnull", False), ("state", "running")),
                models.Q(models.Q(("state", "running"), _negated=True), ("next_at", None)),
                _connector="OR",
            ),
            name="a_running_plan_has_its_next_day",
        ),
    ),
    migrations.AddConstraint(
        model_name="instalmentplan",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("paid_parts", models.F("months")), ("state", "done")),
                models.Q(models.Q(("state", "done"), _negated=True), ("paid_parts__lt", models.F("months"))),
                _connector="OR",
            ),
            name="a_plan_is_done_when_all_is_paid",
        ),
    ),
    migrations.AddConstraint(
        model_name="refundshare",
        constraint=models.UniqueConstraint(
            fields=("line", "kind", "owner"), name="one_refund_share_a_party", nulls_distinct=False
        ),
    ),
    migrations.AddConstraint(
        model_name="refundshare",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("kind__in", ["tax", "promotion"]), ("owner", None), ("share", None)),
                models.Q(("kind", "platform"), ("owner", None), ("share__isnull", False)),
                models.Q(("kind__in", ["affiliate", "creator"]), ("owner__isnull", False), ("share__isnull", False)),
                _connector="OR",
            ),
            name="refund_share_of_a_share",
        ),
    ),
    migrations.AddConstraint(
        model_name="madegood",
        constraint=models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="made_good_is_something"),
    ),
    migrations.AddConstraint(
        model_name="reserverule",
        constraint=models.UniqueConstraint(
            condition=models.Q(("ended_at", None)),
            fields=("creator",),
            name="one_open_reserve_rule",
            nulls_distinct=False,
        ),
    ),
    migrations.AddConstraint(
        model_name="reserverule",
        constraint=models.CheckConstraint(
            condition=models.Q(("bps__gt", 0), ("bps__lte", 5000), ("days__gt", 0), ("days__lte", 365)),
            name="reserve_rule_within_bounds",
        ),
    ),
    migrations.AddIndex(
        model_name="reserve",
        index=models.Index(condition=models.Q(("returned_at", None)), fields=["due_at"], name="reserve_due"),
    ),
    migrations.AddIndex(
        model_name="reserve",
        index=models.Index(condition=models.Q(("returned_at", None)), fields=["owner"], name="reserve_kept_of"),
    ),
    migrations.AddConstraint(
        model_name="reserve",
        constraint=models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="reserve_is_positive"),
    ),
    migrations.AddConstraint(
        model_name="revenuerule",
        constraint=models.UniqueConstraint(fields=("code", "starts_at"), name="one_revenue_rule_a_start"),
    ),
    migrations.AddConstraint(
        model_name="revenuerule",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("affiliate_bps__lte", 10000),
                (
                    "platform_bps__lte",
                    django.db.models.expressions.CombinedExpression(
                        models.Value(10000), "-", models.F("affiliate_bps")
                    ),
                ),
            ),
            name="revenue_rule_bps_to_10000",
        ),
    ),
    migrations.AddConstraint(
        model_name="revenuerule",
        constraint=models.CheckConstraint(
            condition=models.Q(("code__in", ["organic", "own_link", "affiliate", "tip"])),
            name="revenue_rule_code_is_known",
        ),
    ),
    migrations.AddConstraint(
        model_name="revenuerule",
        constraint=models.CheckConstraint(
            condition=models.Q(("remembered_days__gte", 1), ("remembered_days__lte", 90)),
            name="revenue_rule_remembers_days",
        ),
    ),
    migrations.AddConstraint(
        model_name="revenuerule",
        constraint=models.CheckConstraint(
            condition=models.Q(("code", "affiliate"), ("affiliate_bps", 0), _connector="OR"),
            name="revenue_rule_affiliate_by_code",
        ),
    ),
    migrations.AddConstraint(
        model_name="revenuerule",
        constraint=models.CheckConstraint(
            condition=models.Q(("code", "affiliate"), models.Q(("tier_days", 0), ("tier_steps", [])), _connector="OR"),
            name="revenue_rule_tiers_by_code",
        ),
    ),
    migrations.AddConstraint(
        model_name="revenuerule",
        constraint=models.CheckConstraint(
            condition=models.Q(("introduced_by", None), models.Q(("reason", ""), _negated=True), _connector="OR"),
            name="revenue_rule_introduced_with_reason",
        ),
    ),
    migrations.AddIndex(
        model_name="orderitem",
        index=models.Index(
            condition=models.Q(
                models.Q(
                    ("refunded_minor__lt", models.F("price_minor")),
                    models.Q(("price_minor", 0), ("refunded_at", None)),
                    _connector="OR",
                ),
                ("released_at", None),
            ),
            fields=["hold_until"],
            name="item_held",
        ),
    ),
    migrations.AddIndex(model_name="orderitem", index=models.Index(fields=["creator", "-id"], name="item_of_creator")),
    migrations.AddIndex(
        model_name="orderitem",
        index=models.Index(
            condition=models.Q(("bundle_price__isnull", False)), fields=["bundle_price"], name="item_of_bundle"
        ),
    ),
    migrations.AddIndex(
        model_name="orderitem",
        index=models.Index(
            condition=models.Q(
                ("affiliate__isnull", False),
                ("disputed_at", None),
                ("granted_at__isnull", False),
                ("price_minor__gt", 0),
                ("refund_asked_minor", 0),
                ("refunded_at", None),
            ),
            fields=["affiliate", "granted_at"],
            name="item_brought_and_kept",
        ),
    ),
    migrations.AddIndex(
        model_name="orderitem",
        index=models.Index(
            condition=models.Q(("referral_code", ""), _negated=True), fields=["referral_code"], name="item_by_link"
        ),
    ),
    migrations.AddConstraint(
        model_name="orderitem",
        constraint=models.UniqueConstraint(fields=("order", "course"), name="a_course_once_an_order"),
    ),
    migrations.AddConstraint(
        model_name="orderitem",
        constraint=models.UniqueConstraint(
            condition=models.Q(("follows", False), ("granted_at__isnull", False), ("refunded_at", None)),
            fields=("buyer", "course"),
            name="one_item_gives_the_right",
        ),
    ),
    migrations.AddConstraint(
        model_name="orderitem",
        constraint=models.CheckConstraint(
            condition=models.Q(
                (
                    "price_minor",
                    django.db.models.expressions.CombinedExpression(models.F("net_minor"), "+", models.F("tax_minor")),
                )
            ),
            name="item_price_with_tax",
        ),
    ),
    migrations.AddConstraint(
        model_name="orderitem",
        constraint=models.CheckConstraint(
            condition=models.Q(
                (
                    "net_minor",
                    django.db.models.expressions.CombinedExpression(
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("platform_minor"), "+", models.F("affiliate_minor")
                            ),
                            "+",
                            models.F("creator_minor"),
                        ),
                        "-",
                        models.F("promotion_minor"),
                    ),
                )
            ),
            name="item_shares_sum_to_net",
        ),
    ),
    migrations.AddConstraint(
        model_name="orderitem",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("discount_bearer", ""), ("discount_minor", 0), ("promotion_minor", 0)),
                models.Q(
                    ("discount_bearer", "creator"),
                    ("discount_minor__gt", 0),
                    ("discount_minor__lte", models.F("list_minor")),
                    ("promotion_minor", 0),
                ),
                models.Q(
                    ("discount_bearer", "platform"),
                    ("discount_minor__gt", 0),
                    ("discount_minor__lte", models.F("list_minor")),
                ),
                _connector="OR",
            ),
            name="item_discount_has_a_bearer",
        ),
    ),
    migrations.AddConstraint(
        model_name="orderitem",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("affiliate__isnull", False),
                models.Q(("affiliate_minor", 0), ("promoter_sales", None)),
                _connector="OR",
            ),
            name="item_affiliate_is_somebody",
        ),
    ),
    migrations.AddConstraint(
        model_name="orderitem",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("is_tip", False),
                models.Q(
                    ("affiliate", None),
                    ("bundle_price", None),
                    ("discount_minor", 0),
                    ("granted_at", None),
                    ("referral_code", ""),
                ),
                _connector="OR",
            ),
            name="a_tip_gives_no_right",
        ),
    ),
    migrations.AddConstraint(
        model_name="orderitem",
        constraint=models.CheckConstraint(
            condition=models.Q(("bundle_price__isnull", False), ("bundle_title", ""), _connector="OR"),
            name="item_of_a_bundle_names_its_price",
        ),
    ),
    migrations.AddConstraint(
        model_name="orderitem",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("refund_asked_minor__lte", models.F("price_minor")),
                ("refunded_minor__lte", models.F("refund_asked_minor")),
            ),
            name="item_gives_back_what_it_took",
        ),
    ),
    migrations.AddIndex(
        model_name="ruleannouncement",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="announcement_due"
        ),
    ),
    migrations.AddConstraint(
        model_name="sandboxpayment",
        constraint=models.CheckConstraint(
            condition=models.Q(("amount_refunded__lte", models.F("amount"))), name="sandbox_refunds_within_charge"
        ),
    ),
    migrations.AddConstraint(
        model_name="sandboxdispute",
        constraint=models.UniqueConstraint(
            condition=models.Q(("status__in", ["warning_closed", "won", "lost", "prevented"]), _negated=True),
            fields=("payment",),
            name="sandbox_one_open_dispute",
        ),
    ),
    migrations.AddConstraint(
        model_name="splitline",
        constraint=models.UniqueConstraint(fields=("split", "creator"), name="one_line_a_coauthor"),
    ),
    migrations.AddConstraint(
        model_name="splitline",
        constraint=models.CheckConstraint(condition=models.Q(("bps__lte", 10000)), name="split_bps_to_10000"),
    ),
    migrations.AddConstraint(
        model_name="splitline",
        constraint=models.CheckConstraint(
            condition=models.Q(("accepted_at", None), ("declined_at", None), _connector="OR"),
            name="split_line_answered_one_way",
        ),
    ),
    migrations.AddIndex(
        model_name="taxpayment", index=models.Index(fields=["book", "country", "currency"], name="tax_payment_country")
    ),
    migrations.AddConstraint(
        model_name="taxpayment",
        constraint=models.UniqueConstraint(fields=("book", "country", "reference"), name="one_tax_payment_a_reference"),
    ),
    migrations.AddConstraint(
        model_name="taxpayment",
        constraint=models.CheckConstraint(
            condition=models.Q(("amount_minor", 0), _negated=True), name="tax_payment_is_something"
        ),
    ),
    migrations.AddConstraint(
        model_name="taxpayment",
        constraint=models.CheckConstraint(
            condition=models.Q(
                models.Q(("amount_minor__gt", 0), ("amount_minor__lte", models.F("owed_minor"))),
                models.Q(("reason", ""), _negated=True),
                _connector="OR",
            ),
            name="tax_payment_says_why",
        ),
    ),
    migrations.AddConstraint(
        model_name="taxpayment",
        constraint=models.CheckConstraint(
            condition=models.Q(("country__regex", "^([A-Z]{2})?$"), models.Q(("reference", ""), _negated=True)),
            name="tax_payment_of_a_country",
        ),
    ),
    migrations.AddConstraint(
        model_name="taxrate",
        constraint=models.UniqueConstraint(fields=("country", "starts_at"), name="one_tax_rate_a_start"),
    ),
    migrations.AddConstraint(
        model_name="taxrate",
        constraint=models.CheckConstraint(condition=models.Q(("bps__lte", 5000)), name="tax_rate_at_most_half"),
    ),
    migrations.AddConstraint(
        model_name="taxrate",
        constraint=models.CheckConstraint(
            condition=models.Q(("country__regex", "^[A-Z]{2}$")), name="tax_rate_of_a_country"
        ),
    ),
    migrations.AddConstraint(
        model_name="tipstop",
        constraint=models.UniqueConstraint(
            condition=models.Q(("lifted_at", None)), fields=("creator",), name="one_open_tip_stop"
        ),
    ),
    migrations.AddIndex(model_name="yearreport", index=models.Index(fields=["book", "year"], name="year_report_year")),
    migrations.AddConstraint(
        model_name="yearreport",
        constraint=models.UniqueConstraint(
            fields=("creator", "book", "year", "currency", "version"), name="one_version_of_a_year"
        ),
    ),
    migrations.AddConstraint(
        model_name="yearreport",
        constraint=models.CheckConstraint(
            condition=models.Q(
                ("version", 1), models.Q(("version__gt", 1), models.Q(("reason", ""), _negated=True)), _connector="OR"
            ),
            name="a_correction_has_a_reason",
        ),
    ),
    migrations.AddIndex(
        model_name="yearround",
        index=models.Index(
            condition=models.Q(("dead_at", None), ("finished_at", None)), fields=["due_at"], name="year_round_due"
        ),
    ),
    migrations.AddConstraint(
        model_name="yearround",
        constraint=models.UniqueConstraint(
            condition=models.Q(("finished_at", None)),
            fields=("book", "year", "act"),
            name="one_round_of_a_year_at_once",
        ),
    ),
    migrations.AddConstraint(
        model_name="handrefund",
        constraint=models.UniqueConstraint(fields=("book", "bank_reference"), name="one_hand_refund_a_bank_reference"),
    ),
    migrations.AddConstraint(
        model_name="handrefund",
        constraint=models.CheckConstraint(
            condition=models.Q(("bank_reference", ""), _negated=True), name="hand_refund_has_a_bank_reference"
        ),
    ),
    migrations.AddIndex(
        model_name="releasedshare",
        index=models.Index(fields=["owner", "currency", "book"], name="released_share_of_owner"),
    ),
]


class Migration(migrations.Migration):
    initial = True

    # The files of before that this one stands for (decision 105). Each that follows stands for one of its own, so that a
    # migration of an empty database that was cut short goes on where it was.
    replaces = [
        ("payments", name)
        for name in [
            "0001_ledger",
            "0004_payouts",
            "0005_orders_and_sandbox",
            "0006_payout_items",
            "0007_event_copies",
            "0008_work_rounds",
            "0009_revenue_rules_by_link",
            "0010_rules_of_links",
            "0011_refund_rules",
            "0012_first_refund_rule",
            "0013_sandbox_disputes",
            "0014_proof_and_reconciliation",
            "0015_tax_and_invoices",
            "0016_sale_amounts",
            "0017_sale_amounts_filled",
            "0018_sale_amounts_hold",
            "0020_sandbox_dispute_words",
            "0021_payout_desk",
            "0022_kinds_of_returns",
            "0023_sandbox_tax",
            "0024_coupons",
            "0025_ledger_post",
            "0026_after_sale",
            "0027_incomes_and_announcements",
            "0028_entries_to_the_bank",
            "0029_order_tax",
            "0030_links_and_coauthors",
            "0031_released_shares",
            "0032_disputes",
            "0033_orders_keep_a_refund_rule",
            "0034_orders_of_before_have_the_first_rule",
            "0035_every_order_has_a_refund_rule",
            "0036_inquiry_of_books",
            "0037_after_refund",
            "0038_ledger_post_at_once",
            "0039_promoter_stops",
            "0041_ledger_by_index",
            "0043_refund_cause_rules",
            "0044_orders_mark_paid",
            "0045_card_traces",
            "0046_course_escrow",
            "0047_orders_say_by_what_they_were_paid",
            "0048_making_good",
            "0049_links_count_for_days",
            "0050_skips_name_their_hold",
            "0051_bundles",
            "0052_month_close",
            "0053_year_reports",
            "0054_coupons_have_a_most",
            "0055_exchanged_disputes",
            "0056_orders_flagged",
            "0057_refunds_come_back",
            "0058_tax_payments",
            "0059_platform_coupons_have_a_cap",
            "0060_currency_rails",
            "0061_payout_accounts_fit_their_rail",
            "0062_refunds_under_way",
            "0063_what_was_sold_stands",
            "0064_bank_returns",
            "0065_carts_keep_named_amounts",
            "0066_promoters_have_tiers",
            "0067_payment_by_hand",
            "0068_tips",
            "0069_first_rule_of_tips",
            "0070_instalments",
            "0071_instalments_by_index",
            "0072_a_charge_keeps_its_key",
        ]
    ]

    dependencies = [
        ("courses", "0001_tables"),
        ("creators", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [Tables(TABLES)]
