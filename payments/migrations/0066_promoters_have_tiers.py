"""Tiers of promoters: facts of a version of the revenue rule; each item keeps what was counted for its promoter.

The one check that no condition of Django's can say stands here: tiers rise from the rule's own part, and leave the
platform its own.

Sales go on meanwhile: the index is built beside them, the columns and checks come in one short transaction that looks
at no row, and the check of every sale that there is comes last.
"""

from typing import Any

from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

TIERS_FIT = """
CREATE FUNCTION revenue_rule_tiers_fit(steps jsonb, days int, platform_bps int, affiliate_bps int) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    sales int := 0;
    bps int := affiliate_bps;
    step jsonb;
BEGIN
    IF jsonb_typeof(steps) <> 'array' OR jsonb_array_length(steps) > 5 THEN RETURN false; END IF;
    IF jsonb_array_length(steps) = 0 THEN RETURN days = 0; END IF;
    IF days NOT BETWEEN 1 AND 365 THEN RETURN false; END IF;
    FOR step IN SELECT value FROM jsonb_array_elements(steps) WITH ORDINALITY ORDER BY ordinality LOOP
        IF jsonb_typeof(step) <> 'array' OR jsonb_array_length(step) <> 2 THEN RETURN false; END IF;
        IF (step->>0)::int NOT BETWEEN sales + 1 AND 1000 OR (step->>1)::int NOT BETWEEN bps + 1 AND 10000 - platform_bps
        THEN RETURN false; END IF;
        sales := (step->>0)::int;
        bps := (step->>1)::int;
    END LOOP;
    RETURN true;
END $$;
ALTER TABLE payments_revenuerule ADD CONSTRAINT revenue_rule_tiers_fit
    CHECK (revenue_rule_tiers_fit(tier_steps, tier_days, platform_bps, affiliate_bps));
"""
TIERS_UNFIT = """
ALTER TABLE payments_revenuerule DROP CONSTRAINT revenue_rule_tiers_fit;
DROP FUNCTION revenue_rule_tiers_fit(jsonb, int, int, int);
"""
STANDS = """
CREATE TRIGGER order_item_tier_stands BEFORE UPDATE ON payments_orderitem FOR EACH ROW
    WHEN (OLD.promoter_sales IS DISTINCT FROM NEW.promoter_sales) EXECUTE FUNCTION sale_stands();
"""
TIERS = [
    migrations.RemoveConstraint(
        model_name="orderitem",
        name="item_affiliate_is_somebody",
    ),
    migrations.AddField(
        model_name="orderitem",
        name="promoter_sales",
        field=models.PositiveIntegerField(null=True),
    ),
    migrations.AddField(
        model_name="revenuerule",
        name="tier_days",
        field=models.PositiveSmallIntegerField(db_default=0, default=0),
    ),
    migrations.AddField(
        model_name="revenuerule",
        name="tier_steps",
        field=models.JSONField(db_default=[], default=list),
    ),
    AddConstraintNotValid(
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
        model_name="revenuerule",
        constraint=models.CheckConstraint(
            condition=models.Q(("code", "affiliate"), models.Q(("tier_days", 0), ("tier_steps", [])), _connector="OR"),
            name="revenue_rule_tiers_by_code",
        ),
    ),
    migrations.RunSQL(TIERS_FIT, TIERS_UNFIT),
    migrations.RunSQL(STANDS, "DROP TRIGGER order_item_tier_stands ON payments_orderitem;"),
]


class Once(migrations.SeparateDatabaseAndState):
    """All of these or none; nothing where an earlier try came so far and was cut short later."""

    atomic = True

    def __init__(self, operations: list[Any]) -> None:
        super().__init__(operations, operations)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__name__, [], {"operations": self.state_operations})

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            columns = schema_editor.connection.introspection.get_table_description(cursor, "payments_orderitem")
        if "promoter_sales" not in {column.name for column in columns}:
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("courses", "0029_named_prices"),
        ("creators", "0005_verifications_hold"),
        ("payments", "0065_carts_keep_named_amounts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # There already, and not valid, where a build was cut short.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS item_brought_and_kept", migrations.RunSQL.noop),
        AddIndexConcurrently(
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
        Once(TIERS),
        ValidateConstraint("orderitem", name="item_affiliate_is_somebody"),
    ]
