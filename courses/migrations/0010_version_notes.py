"""What a version says of itself, sections that keep a key from version to version, and published versions that stay."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models

# Sections that are there already have no key: of one course, those of the same title are the same section.
NAME_SECTIONS = """
ALTER TABLE courses_section DISABLE TRIGGER courses_section_closed;
UPDATE courses_section s SET key = named.key FROM (
    SELECT s.id, md5(v.course_id || ':' || s.title || ':' || row_number() OVER (
        PARTITION BY s.version_id, s.title ORDER BY s.position))::uuid AS key
    FROM courses_section s JOIN courses_version v ON v.id = s.version_id
) named WHERE named.id = s.id;
ALTER TABLE courses_section ENABLE TRIGGER courses_section_closed;
"""

PUBLISHED_STAYS = """
CREATE FUNCTION courses_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('live', 'superseded') AND (
        TG_OP = 'DELETE' OR NEW.state NOT IN ('live', 'superseded') OR NEW.live_at IS DISTINCT FROM OLD.live_at
        OR (OLD.state = 'superseded' AND NEW.state <> 'superseded')
    ) THEN
        RAISE EXCEPTION 'version % was published: it stays as it is', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER courses_version_published_stays BEFORE DELETE OR UPDATE OF state, live_at ON courses_version
    FOR EACH ROW EXECUTE FUNCTION courses_published_stays();
"""

UNDO_PUBLISHED_STAYS = """
DROP TRIGGER courses_version_published_stays ON courses_version;
DROP FUNCTION courses_published_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0009_watermark")]
    operations = [
        migrations.AddField(
            model_name="section",
            name="key",
            field=models.UUIDField(db_default=RandomUUID(), default=uuid.uuid4),
        ),
        migrations.RunSQL(NAME_SECTIONS, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="version",
            name="change_note",
            field=models.CharField(blank=True, db_default="", max_length=500, verbose_name="what is new"),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.UniqueConstraint(fields=("version", "key"), name="a_section_stands_once_in_a_version"),
        ),
        migrations.RunSQL(PUBLISHED_STAYS, UNDO_PUBLISHED_STAYS),
    ]
