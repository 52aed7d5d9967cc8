from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import migrations, models

import accounts.models.record


def store(apps: Any, schema_editor: Any) -> None:
    """What was made within the last week moves from the row to the private storage."""
    rows = apps.get_model("accounts", "RecordExport").objects.exclude(content=None)
    for pk in list(rows.values_list("pk", flat=True)):
        row = rows.get(pk=pk)
        path = f"records/{row.name}.zip"
        storages["private"].delete(path)
        row.file = storages["private"].save(path, ContentFile(bytes(row.content)))
        row.save(update_fields=["file"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_seeing")]

    operations = [
        migrations.AddField(
            "RecordExport",
            "file",
            models.FileField(
                blank=True,
                max_length=60,
                storage=accounts.models.record.private_files,
                upload_to=accounts.models.record.path_of_record,
            ),
        ),
        migrations.AlterField("RecordExport", "size", models.PositiveBigIntegerField(default=0)),
        migrations.RunPython(store, migrations.RunPython.noop),
        migrations.RemoveConstraint("RecordExport", "a_ready_record_has_its_file"),
        migrations.RemoveField("RecordExport", "content"),
        migrations.AddConstraint(
            "RecordExport",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file", ""), ("ready_at", None)),
                    models.Q(("ready_at__isnull", False), models.Q(("file", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_ready_record_has_its_file",
            ),
        ),
    ]
