"""The rules of sales that a link brought: a creator's own link leaves the platform 3 %; a promoter's pays her 10 %."""

from datetime import UTC, datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def introduce(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rules = apps.get_model("payments", "RevenueRule")
    opening = datetime(2020, 1, 1, tzinfo=UTC)
    rules.objects.create(code="own_link", starts_at=opening, platform_bps=300)
    rules.objects.create(code="affiliate", starts_at=opening, platform_bps=2500, affiliate_bps=1000)


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_revenue_rules_by_link")]
    operations = [migrations.RunPython(introduce, migrations.RunPython.noop)]
