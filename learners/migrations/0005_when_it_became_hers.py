"""From when on a course that a membership had opened is its learner's by itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learners", "0004_memberships")]

    operations = [
        migrations.AddField(
            model_name="enrollment",
            name="owned_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="enrollment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("owned_at", None), models.Q(("source", "membership"), _negated=True), _connector="OR"
                ),
                name="what_is_lent_is_not_owned",
            ),
        ),
    ]
