"""Each time that another membership opens a course to its member is a row: what is watched counts for the newest."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0013_a_whole_first_month")]

    operations = [
        migrations.RemoveConstraint(model_name="membershipopening", name="a_course_is_opened_once"),
        migrations.AddField(model_name="membershipopening", name="ended_at", field=models.DateTimeField(null=True)),
        migrations.AddIndex(
            model_name="membershipopening",
            index=models.Index(fields=["membership", "course", "opened_at"], name="opening_of_membership"),
        ),
    ]
