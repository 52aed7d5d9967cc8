"""A membership is another source of the right to watch."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0005_first_shelves"),
        ("learners", "0003_watching"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="enrollment",
            name="enrollment_source",
        ),
        migrations.AlterField(
            model_name="enrollment",
            name="reference",
            field=models.CharField(
                blank=True,
                help_text="for a purchase, the number of the order; for a membership, its token",
                max_length=64,
            ),
        ),
        migrations.AlterField(
            model_name="enrollment",
            name="source",
            field=models.CharField(
                choices=[
                    ("purchase", "Bought"),
                    ("free", "Free"),
                    ("staff", "Given"),
                    ("membership", "By a membership"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["purchase", "free", "staff", "membership"])),
                name="enrollment_source",
            ),
        ),
    ]
