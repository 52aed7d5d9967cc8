"""The rule by which tips are shared at first: the platform keeps a twentieth."""

from datetime import UTC, datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def introduce(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rules = apps.get_model("payments", "RevenueRule")
    rules.objects.create(code="tip", starts_at=datetime(2020, 1, 1, tzinfo=UTC), platform_bps=500)


class Migration(migrations.Migration):
    dependencies = [("payments", "0068_tips")]
    operations = [migrations.RunPython(introduce, migrations.RunPython.noop)]
