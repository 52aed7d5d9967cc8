"""The rule with which the marketplace opens: of a sale that it brought about, it keeps 25 %."""

from datetime import UTC, datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def introduce(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rules = apps.get_model("payments", "RevenueRule")
    rules.objects.create(code="organic", starts_at=datetime(2020, 1, 1, tzinfo=UTC), platform_bps=2500, fixed_minor=0)


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_ledger_truth")]
    operations = [migrations.RunPython(introduce, migrations.RunPython.noop)]
