"""Currencies that are not known here are told apart by the provider's own codes, and asked about in turn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0018_a_second_yes_to_ways")]

    operations = [
        migrations.AddField("reconbreak", "asked_at", models.DateTimeField(null=True)),
        migrations.AlterField("dispute", "currency", models.CharField(max_length=12)),
        migrations.AlterField(
            "dispute", "settled_currency", models.CharField(blank=True, db_default="", default="", max_length=12)
        ),
    ]
