import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import marketplace.lib.images


class Migration(migrations.Migration):
    dependencies = [("courses", "0009_facts_index"), ("creators", "0002_records")]

    operations = [
        migrations.AlterField(
            "course", "cover", models.ImageField(blank=True, upload_to=marketplace.lib.images.path_of_cover)
        ),
        migrations.AlterField(
            "course", "cover_small", models.ImageField(blank=True, upload_to=marketplace.lib.images.path_of_cover)
        ),
        migrations.AlterField(
            "version",
            "cover",
            models.ImageField(blank=True, upload_to=marketplace.lib.images.path_of_cover, verbose_name="cover"),
        ),
        migrations.AlterField(
            "version", "cover_small", models.ImageField(blank=True, upload_to=marketplace.lib.images.path_of_cover)
        ),
        migrations.CreateModel(
            name="PutAway",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, unique=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("moved_at", models.DateTimeField(null=True)),
                (
                    "course",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="courses.course",
                    ),
                ),
                (
                    "creator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="creators.creator"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="put_away_has_a_name")
                ],
            },
        ),
    ]
