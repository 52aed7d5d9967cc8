"""Where one click ends mails of a kind."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("floor", "0003_work_rounds"),
    ]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="unsubscribe_url",
            field=models.CharField(blank=True, db_default="", max_length=500),
        ),
    ]
