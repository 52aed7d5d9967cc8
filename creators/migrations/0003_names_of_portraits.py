from django.db import migrations, models

import marketplace.lib.images


class Migration(migrations.Migration):
    dependencies = [("creators", "0002_records")]

    operations = [
        migrations.AlterField(
            "creator",
            "portrait",
            models.ImageField(blank=True, upload_to=marketplace.lib.images.path_of_portrait, verbose_name="portrait"),
        ),
    ]
