"""A switch for each signal of matching, and what each night's reading of links found."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("discovery", "0006_first_synonyms"),
    ]

    operations = [
        migrations.AddField("taste", "uses_skills", models.BooleanField(db_default=True, default=True)),
        migrations.AddField("taste", "uses_language", models.BooleanField(db_default=True, default=True)),
        migrations.CreateModel(
            name="LinksReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("read_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("courses", models.PositiveIntegerField()),
                ("learners", models.PositiveIntegerField()),
                ("ridge", models.FloatField()),
                ("is_ridge_chosen", models.BooleanField()),
                ("seconds", models.FloatField()),
            ],
            options={
                "indexes": [models.Index(fields=["-read_at"], name="links_reading_latest")],
            },
        ),
    ]
