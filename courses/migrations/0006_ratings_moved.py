"""When a course last came to other stars, by which search follows it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0005_first_shelves"),
        ("creators", "0002_records"),
    ]

    operations = [
        migrations.AddField(
            model_name="course",
            name="rating_moved_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
