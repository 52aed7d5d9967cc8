"""What waits for review is found by partial indexes, however much was decided before."""

from django.conf import settings
from django.db import migrations, models

# A decision is written to its submission by the database, so that the two never tell different things.
DECIDED = """
UPDATE courses_submission s SET decided_at = d.decided_at FROM courses_decision d WHERE d.submission_id = s.id;
UPDATE courses_submission s SET language = v.language, is_update = EXISTS (
    SELECT 1 FROM courses_version older WHERE older.course_id = v.course_id AND older.number < v.number
    AND older.state IN ('live', 'superseded')
) FROM courses_version v WHERE v.id = s.version_id;
CREATE FUNCTION courses_submission_is_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE courses_submission SET decided_at = NEW.decided_at WHERE id = NEW.submission_id;
    RETURN NULL;
END $$;
CREATE TRIGGER submission_is_decided AFTER INSERT ON courses_decision
    FOR EACH ROW EXECUTE FUNCTION courses_submission_is_decided();
"""
NO_LONGER = """
DROP TRIGGER submission_is_decided ON courses_decision;
DROP FUNCTION courses_submission_is_decided();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0021_price_changed_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="submission",
            name="courses_sub_submitt_0964e7_idx",
        ),
        migrations.AddField(
            model_name="submission",
            name="decided_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="submission",
            name="is_update",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="submission",
            name="language",
            field=models.CharField(db_default="en", max_length=12),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("decided_at", None), ("withdrawn_at", None)),
                fields=["submitted_at", "id"],
                name="submission_waits",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("decided_at", None), ("withdrawn_at", None)),
                fields=["language", "submitted_at", "id"],
                name="submission_waits_language",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("decided_at", None), ("withdrawn_at", None)),
                fields=["is_update", "submitted_at", "id"],
                name="submission_waits_kind",
            ),
        ),
        migrations.RunSQL(DECIDED, NO_LONGER),
    ]
