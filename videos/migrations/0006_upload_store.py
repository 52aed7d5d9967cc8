from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("videos", "0005_posters")]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="store_id",
            # The version before does not know the column and must still be able to write rows.
            field=models.TextField(
                blank=True,
                db_default="",
                default="",
                help_text="S3's name for the upload in parts; empty: parts come to our disk",
            ),
        ),
        migrations.AlterField(
            model_name="uploadpart",
            name="file_name",
            field=models.CharField(blank=True, help_text="empty: it lies in S3", max_length=60),
        ),
    ]
