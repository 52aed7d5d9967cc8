"""Prices in monthly parts: what creators offer, what buyers agreed to, how far each plan is, and which order is which part.

What was agreed never changes, offers are a record, and an order stays the part that it is.
"""

import functools
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import marketplace.lib.clock
import payments.sandbox.models.thing
from marketplace.lib.append_only import append_only

AGREED = (
    "token", "buyer_id", "course_id", "book", "currency", "total_minor", "months", "amounts_minor", "due_on", "terms",
    "refund_rule_id", "agreed_at",
)  # fmt: skip


def _changed(*columns: str) -> str:
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"ROW({old}) IS DISTINCT FROM ROW({new})"


STANDS = f"""
CREATE TRIGGER instalment_plan_stands BEFORE UPDATE ON payments_instalmentplan FOR EACH ROW
    WHEN ({_changed(*AGREED)}) EXECUTE FUNCTION floor_refuse_change();
CREATE TRIGGER instalment_plan_kept BEFORE DELETE ON payments_instalmentplan
    FOR EACH ROW EXECUTE FUNCTION floor_refuse_change();
CREATE TRIGGER order_part_stands BEFORE UPDATE ON payments_order FOR EACH ROW
    WHEN ({_changed("plan_id", "part", "part_to")}) EXECUTE FUNCTION floor_refuse_change();
"""
FALLS = """
DROP TRIGGER instalment_plan_stands ON payments_instalmentplan;
DROP TRIGGER instalment_plan_kept ON payments_instalmentplan;
DROP TRIGGER order_part_stands ON payments_order;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("floor", "0002_append_only"),
        ("learners", "0019_pauses"),
        ("courses", "0029_named_prices"),
        ("creators", "0005_verifications_hold"),
        ("payments", "0069_first_rule_of_tips"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
            ],
        ),
        migrations.CreateModel(
            name="InstalmentOffer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("months", models.PositiveSmallIntegerField()),
                ("chosen_at", models.DateTimeField(auto_now_add=True)),
            ],
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
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="order",
            name="part",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="order",
            name="part_to",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="orderitem",
            name="follows",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddIndex(
            model_name="instalmentcharge",
            index=models.Index(
                condition=models.Q(("dead_at", None), ("finished_at", None)),
                fields=["due_at"],
                name="instalment_charge_due",
            ),
        ),
        migrations.AddField(
            model_name="instalmentoffer",
            name="chosen_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="instalmentoffer",
            name="course",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="instalment_offers", to="courses.course"
            ),
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
            model_name="instalmentplan",
            name="buyer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instalment_plans",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="instalmentplan",
            name="course",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="instalment_plans", to="courses.course"
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
        migrations.AddField(
            model_name="planpause",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="pauses", to="payments.instalmentplan"
            ),
        ),
        migrations.AddField(
            model_name="sandboxpayment",
            name="customer",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="payments.sandboxcustomer"
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
                condition=models.Q(("dead_at", None), ("finished_at", None)),
                fields=["due_at"],
                name="means_release_due",
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
        append_only("payments_instalmentoffer"),
        migrations.RunSQL(STANDS, FALLS),
    ]
