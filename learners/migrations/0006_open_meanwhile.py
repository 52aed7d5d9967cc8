"""What is paused may be open by a membership meanwhile."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learners", "0005_when_it_became_hers")]
    operations = [
        migrations.AddField(
            model_name="enrollment",
            name="open_by",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=64),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.CheckConstraint(
                condition=models.Q(("open_by", ""))
                | models.Q(("paused_at__isnull", False)) & ~models.Q(("source", "membership")),
                name="only_what_is_paused_is_open_meanwhile",
            ),
        ),
        migrations.AddIndex(
            model_name="enrollment",
            index=models.Index(
                condition=~models.Q(("open_by", "")), fields=["open_by"], name="enrollment_open_meanwhile"
            ),
        ),
    ]
