"""Under which key a part was asked for last is kept, so that another one is used only when that is long ago."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0071_instalments_by_index")]
    operations = [
        migrations.AddField(
            model_name="instalmentcharge",
            name="key",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(model_name="instalmentcharge", name="key_used_at", field=models.DateTimeField(null=True)),
    ]
