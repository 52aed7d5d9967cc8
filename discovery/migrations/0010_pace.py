"""How many places new courses need."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("discovery", "0009_said_by_index")]

    operations = [
        migrations.CreateModel(
            name="Pace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("audience", models.CharField(blank=True, max_length=12, unique=True)),
                ("owed_a_day", models.FloatField()),
                ("looks_a_day", models.FloatField()),
                ("reckoned_at", models.DateTimeField()),
            ],
        ),
    ]
