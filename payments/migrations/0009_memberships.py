"""Memberships: what is offered, what members agreed to, paid months; and orders, items and shares that have no course."""

import datetime
import uuid

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0005_first_shelves"),
        ("creators", "0002_records"),
        ("payments", "0008_what_gave_way_gives_no_right"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Membership",
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
                ("terms", models.JSONField()),
                ("first_on", models.DateField()),
                ("key", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=12)),
                ("agreed_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "Not begun"), ("running", "Running"), ("ended", "Ended")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("started_at", models.DateTimeField(null=True)),
                ("last_month", models.PositiveSmallIntegerField(default=0)),
                ("paid_until", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("failed_tries", models.PositiveSmallIntegerField(default=0)),
                ("paused_at", models.DateTimeField(null=True)),
                ("canceled_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("canceled", "You canceled it."),
                            ("not_paid", "A month was not paid."),
                            ("refunded", "A month was given back."),
                            ("disputed", "A payment was disputed and lost."),
                            ("closed", "The membership is not offered any more."),
                            ("creator_gone", "Its creator offers nothing here any more."),
                            ("forgotten", "The account was deleted."),
                        ],
                        max_length=12,
                    ),
                ),
                ("card_until", models.DateField(null=True)),
                ("card_told", models.DateField(null=True)),
                ("empty_since", models.DateTimeField(null=True)),
                ("customer_id", models.CharField(blank=True, max_length=80)),
                ("method_id", models.CharField(blank=True, max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="MembershipCharge",
            fields=[
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("lease_until", models.DateTimeField(editable=False, null=True)),
                ("finished_at", models.DateTimeField(editable=False, null=True)),
                ("dead_at", models.DateTimeField(editable=False, null=True)),
                ("last_error", models.TextField(blank=True, editable=False)),
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
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="membership_charge",
                        serialize=False,
                        to="payments.order",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MembershipClosing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ends_at", models.DateTimeField()),
                ("announced_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="MembershipCourse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("placed_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="MembershipMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("paid_at", models.DateTimeField()),
                ("noted_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="MembershipOffer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("description", models.TextField(blank=True, max_length=1000)),
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
                ("price_minor", models.PositiveBigIntegerField()),
                (
                    "opens",
                    models.CharField(
                        choices=[
                            ("all", "All courses that are on sale, new ones too"),
                            ("marked", "The courses that are chosen for it"),
                        ],
                        default="all",
                        max_length=8,
                    ),
                ),
                ("is_open", models.BooleanField(default=False)),
                ("chosen_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="MembershipOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="PassListing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("placed_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="incomemonth",
            name="one_income_a_month",
        ),
        migrations.RemoveConstraint(
            model_name="itemshare",
            name="item_share_owner_by_kind",
        ),
        migrations.RemoveConstraint(
            model_name="refundshare",
            name="refund_share_of_a_share",
        ),
        migrations.RemoveConstraint(
            model_name="revenuerule",
            name="revenue_rule_code_is_known",
        ),
        migrations.AddField(
            model_name="order",
            name="month",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="incomemonth",
            name="course",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="courses.course",
            ),
        ),
        migrations.AlterField(
            model_name="itemshare",
            name="kind",
            field=models.CharField(
                choices=[
                    ("platform", "Platform"),
                    ("affiliate", "Promoter"),
                    ("creator", "Creator"),
                    ("pool", "Pool of the pass"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="ledgeraccount",
            name="kind",
            field=models.CharField(
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
                    ("pool", "Pool of the pass"),
                ],
                max_length=24,
            ),
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
                    ("tax_paid", "Paid to a tax office"),
                    ("pool", "Out of the pool"),
                ],
                max_length=24,
            ),
        ),
        migrations.AlterField(
            model_name="orderitem",
            name="course",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="order_items", to="courses.course"
            ),
        ),
        migrations.AlterField(
            model_name="orderitem",
            name="creator",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="order_items",
                to="creators.creator",
            ),
        ),
        migrations.AlterField(
            model_name="refund",
            name="cause",
            field=models.CharField(
                choices=[
                    ("staff", "Decided by the finance team"),
                    ("duplicate", "Paid for twice"),
                    ("provider", "Made at the payment provider"),
                    ("meter", "Given back by the buyer"),
                    ("dispute", "Lost dispute"),
                    ("goodwill", "Goodwill"),
                    ("tip", "Tip taken back by its giver"),
                    ("month", "Month of a membership given back"),
                    ("rules", "Course taken from its learners under the rules"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="refundshare",
            name="kind",
            field=models.CharField(
                choices=[
                    ("tax", "Tax"),
                    ("promotion", "Discount borne by the platform"),
                    ("platform", "Platform"),
                    ("affiliate", "Promoter"),
                    ("creator", "Creator"),
                    ("pool", "Pool of the pass"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="revenuerule",
            name="code",
            field=models.SlugField(
                choices=[
                    ("organic", "Marketplace sale"),
                    ("own_link", "The creator's own link"),
                    ("affiliate", "A promoter's link"),
                    ("tip", "Tip"),
                    ("membership", "A creator's membership"),
                    ("pass", "The pass"),
                ],
                max_length=24,
            ),
        ),
        migrations.AddConstraint(
            model_name="incomemonth",
            constraint=models.UniqueConstraint(
                fields=("owner", "book", "currency", "month", "course", "role"),
                name="one_income_a_month",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="itemshare",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["platform", "pool"]), ("owner", None)),
                    models.Q(("kind__in", ["affiliate", "creator"]), ("owner__isnull", False)),
                    _connector="OR",
                ),
                name="item_share_owner_by_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("course__isnull", False), ("creator__isnull", False)),
                    models.Q(
                        ("affiliate", None),
                        ("bundle_price", None),
                        ("course", None),
                        ("discount_minor", 0),
                        ("follows", False),
                        ("is_tip", False),
                    ),
                    _connector="OR",
                ),
                name="a_month_is_sold_by_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderitem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("course", None)), fields=("order",), name="one_month_an_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="refundshare",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["tax", "promotion"]), ("owner", None), ("share", None)),
                    models.Q(("kind__in", ["platform", "pool"]), ("owner", None), ("share__isnull", False)),
                    models.Q(
                        ("kind__in", ["affiliate", "creator"]), ("owner__isnull", False), ("share__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="refund_share_of_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="revenuerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__in", ["organic", "own_link", "affiliate", "tip", "membership", "pass"])),
                name="revenue_rule_code_is_known",
            ),
        ),
        migrations.CreateModel(
            name="MembershipRelease",
            fields=[
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("rounds", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("lease_until", models.DateTimeField(editable=False, null=True)),
                ("finished_at", models.DateTimeField(editable=False, null=True)),
                ("dead_at", models.DateTimeField(editable=False, null=True)),
                ("last_error", models.TextField(blank=True, editable=False)),
                (
                    "membership",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="means_release",
                        serialize=False,
                        to="payments.membership",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="membership",
            name="creator",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="paid_memberships",
                to="creators.creator",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="paid_memberships",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="refund_rule",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.refundrule"
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="membership",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="payments.membership",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("membership__isnull", False)), fields=["membership"], name="order_of_membership"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "pending")), fields=("membership",), name="one_open_order_a_membership"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("membership", None), ("month", 0)),
                    models.Q(("membership__isnull", False), ("month__gte", 1), ("plan", None)),
                    _connector="OR",
                ),
                name="order_of_a_membership_names_its_month",
            ),
        ),
        migrations.AddIndex(
            model_name="membershipcharge",
            index=models.Index(
                condition=models.Q(("dead_at", None), ("finished_at", None)),
                fields=["due_at"],
                name="membership_charge_due",
            ),
        ),
        migrations.AddField(
            model_name="membershipclosing",
            name="announced_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="membershipclosing",
            name="creator",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="membership_closings",
                to="creators.creator",
            ),
        ),
        migrations.AddField(
            model_name="membershipcourse",
            name="course",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="membership_courses", to="courses.course"
            ),
        ),
        migrations.AddField(
            model_name="membershipcourse",
            name="lifted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="membershipcourse",
            name="placed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="membershipmonth",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="months", to="payments.membership"
            ),
        ),
        migrations.AddField(
            model_name="membershipmonth",
            name="order",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="paid_month", to="payments.order"
            ),
        ),
        migrations.AddField(
            model_name="membershipoffer",
            name="chosen_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="membershipoffer",
            name="creator",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="membership_offers",
                to="creators.creator",
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="offer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="payments.membershipoffer"
            ),
        ),
        migrations.AddField(
            model_name="membershipopening",
            name="course",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.course"),
        ),
        migrations.AddField(
            model_name="membershipopening",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="openings", to="payments.membership"
            ),
        ),
        migrations.AddField(
            model_name="passlisting",
            name="course",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="pass_listings", to="courses.course"
            ),
        ),
        migrations.AddField(
            model_name="passlisting",
            name="lifted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="passlisting",
            name="placed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="membershiprelease",
            index=models.Index(
                condition=models.Q(("dead_at", None), ("finished_at", None)),
                fields=["due_at"],
                name="membership_release_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="membershipclosing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ends_at__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("announced_at"), "+", models.Value(datetime.timedelta(days=30))
                        ),
                    )
                ),
                name="members_are_told_in_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="membershipcourse",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)), fields=("course",), name="one_open_membership_course"
            ),
        ),
        migrations.AddConstraint(
            model_name="membershipmonth",
            constraint=models.UniqueConstraint(fields=("membership", "number"), name="a_month_is_paid_once"),
        ),
        migrations.AddConstraint(
            model_name="membershipmonth",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="a_month_ends_after_it_began"
            ),
        ),
        migrations.AddIndex(
            model_name="membershipoffer",
            index=models.Index(fields=["creator", "-id"], name="membership_offer_of_creator"),
        ),
        migrations.AddConstraint(
            model_name="membershipoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("price_minor__gt", 0), models.Q(("name", ""), _negated=True)),
                name="membership_offer_has_a_price",
            ),
        ),
        migrations.AddConstraint(
            model_name="membershipoffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("creator__isnull", False), ("opens", "marked"), _connector="OR"),
                name="the_pass_opens_what_is_listed",
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(condition=models.Q(("state", "running")), fields=["next_at"], name="membership_due"),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["creator", "state"], name="membership_of_creator"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")),
                fields=("member", "key"),
                name="one_proposed_membership_a_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")),
                fields=("member", "creator", "book"),
                name="one_running_membership_a_creator",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("last_month__gte", 1),
                        ("next_at__isnull", False),
                        ("paid_until__isnull", False),
                        ("state", "running"),
                    ),
                    models.Q(models.Q(("state", "running"), _negated=True), ("next_at", None)),
                    _connector="OR",
                ),
                name="a_running_membership_has_its_next_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", False), ("state", "ended"), models.Q(("end_reason", ""), _negated=True)
                    ),
                    models.Q(models.Q(("state", "ended"), _negated=True), ("end_reason", ""), ("ended_at", None)),
                    _connector="OR",
                ),
                name="a_membership_that_ended_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="membershipopening",
            constraint=models.UniqueConstraint(fields=("membership", "course"), name="a_course_is_opened_once"),
        ),
        migrations.AddConstraint(
            model_name="passlisting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)), fields=("course",), name="one_open_pass_listing"
            ),
        ),
    ]
