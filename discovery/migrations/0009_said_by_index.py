"""Films in which any of several words is said are found by the index. Of many ways to say a thing the planner expects
many films, begins to read all of them from the first, and where hardly any film says it, reads all.
"""

from django.db import migrations

SAID = """
CREATE FUNCTION discovery_said_any(asked tsquery, whose bigint[], is_theirs boolean, most integer)
RETURNS TABLE (id bigint, course_id bigint, lesson_id bigint, caption_id bigint, is_free boolean)
LANGUAGE plpgsql STABLE ROWS 100 SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
BEGIN
    IF numnode(asked) = 0 THEN RETURN; END IF;
    IF is_theirs THEN
        RETURN QUERY SELECT s.id, s.course_id, s.lesson_id, s.caption_id, s.is_free FROM discovery_spoken s
            WHERE s.words @@ asked AND s.course_id = ANY(whose) LIMIT most;
    ELSE
        RETURN QUERY SELECT s.id, s.course_id, s.lesson_id, s.caption_id, s.is_free FROM discovery_spoken s
            WHERE s.words @@ asked AND s.course_id <> ALL(whose) LIMIT most;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("discovery", "0008_newcomers")]
    operations = [
        migrations.RunSQL(SAID, "DROP FUNCTION discovery_said_any(tsquery, bigint[], boolean, integer)"),
    ]
