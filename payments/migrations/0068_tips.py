"""Tips: orders whose one item gives no right. What a sale sells names no course there, so nothing is granted for it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FUNCTION = "order_sold(bigint)"
SOLD = """
-- As of `0040_sale_functions`; a tip names no course.
CREATE OR REPLACE FUNCTION order_sold(of_order bigint) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT json_agg(json_build_array(i.id, {course}, c.user_id, i.promotion_minor, (
                   SELECT json_agg(json_build_array(s.kind, s.owner_id, s.amount_minor) ORDER BY s.id)
                     FROM payments_itemshare s WHERE s.item_id = i.id)) ORDER BY i.id)
          FROM payments_orderitem i JOIN creators_creator c ON c.id = i.creator_id
         WHERE i.order_id = of_order);
END $$;
"""
# A function that is replaced forgets its settings.
SET = "".join(
    f"ALTER FUNCTION {FUNCTION} SET {setting};"
    for setting in (
        "enable_seqscan = off", "enable_hashjoin = off", "enable_mergejoin = off",
        "plan_cache_mode = force_generic_plan",
    )
)  # fmt: skip
STANDS = """
CREATE TRIGGER order_item_tip_stands BEFORE UPDATE ON payments_orderitem FOR EACH ROW
    WHEN (OLD.is_tip IS DISTINCT FROM NEW.is_tip) EXECUTE FUNCTION sale_stands();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0029_named_prices"),
        ("creators", "0005_verifications_hold"),
        ("payments", "0067_payment_by_hand"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
        migrations.RemoveConstraint(
            model_name="revenuerule",
            name="revenue_rule_code_is_known",
        ),
        migrations.AlterField(
            model_name="orderitem",
            name="title",
            field=models.CharField(db_column="title", max_length=120),
        ),
        migrations.RenameField(
            model_name="orderitem",
            old_name="title",
            new_name="course_title",
        ),
        migrations.AddField(
            model_name="orderitem",
            name="is_tip",
            field=models.BooleanField(db_default=False, default=False),
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
                    ("rules", "Course taken from its learners under the rules"),
                ],
                max_length=12,
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
                ],
                max_length=24,
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
            model_name="revenuerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__in", ["organic", "own_link", "affiliate", "tip"])),
                name="revenue_rule_code_is_known",
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
        migrations.AddConstraint(
            model_name="tipstop",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)), fields=("creator",), name="one_open_tip_stop"
            ),
        ),
        migrations.RunSQL(
            SOLD.format(course="CASE WHEN i.is_tip THEN NULL ELSE i.course_id END") + SET,
            SOLD.format(course="i.course_id") + SET,
        ),
        migrations.RunSQL(STANDS, "DROP TRIGGER order_item_tip_stands ON payments_orderitem;"),
    ]
