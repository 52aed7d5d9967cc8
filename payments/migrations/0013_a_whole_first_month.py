"""The first day of a membership that has not begun may move on: a payment that is heard of late begins a whole month."""

from django.db import migrations

AGREED = (
    "token", "member_id", "creator_id", "book", "offer_id", "currency", "total_minor", "terms", "refund_rule_id",
    "agreed_at",
)  # fmt: skip
BEFORE = " OR OLD.first_on <> NEW.first_on"
NOW = " OR (OLD.first_on <> NEW.first_on AND (OLD.state <> 'proposed' OR NEW.first_on < OLD.first_on))"


def _changed(*columns: str) -> str:
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"ROW({old}) IS DISTINCT FROM ROW({new})"


def _stands(first_on: str) -> str:
    return f"""
DROP TRIGGER membership_stands ON payments_membership;
CREATE TRIGGER membership_stands BEFORE UPDATE ON payments_membership FOR EACH ROW
    WHEN ({_changed(*AGREED)}{first_on} OR (OLD.state = 'ended' AND NEW.state <> 'ended')
          OR NEW.last_month < OLD.last_month OR NEW.paid_until < OLD.paid_until
          OR (OLD.started_at IS NOT NULL AND {_changed("started_at")}))
    EXECUTE FUNCTION floor_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0012_pool_holds")]
    operations = [migrations.RunSQL(_stands(NOW), _stands(BEFORE))]
