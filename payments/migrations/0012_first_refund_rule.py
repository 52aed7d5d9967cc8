"""The refund rule with which the marketplace opens: whole for 14 days and 30 %, in proportion for 30 days and 60 %."""

from datetime import UTC, datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from marketplace.lib.append_only import append_only


def introduce(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rules = apps.get_model("payments", "RefundRule")
    opening = datetime(2020, 1, 1, tzinfo=UTC)
    rules.objects.create(starts_at=opening, whole_days=14, whole_bps=3000, part_days=30, part_bps=6000)


class Migration(migrations.Migration):
    dependencies = [("payments", "0011_refund_rules"), ("floor", "0002_append_only")]
    operations = [migrations.RunPython(introduce, migrations.RunPython.noop), append_only("payments_refundrule")]
