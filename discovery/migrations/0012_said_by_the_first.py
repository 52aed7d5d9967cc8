"""Any of several hot words is said in nearly every film, and the index names all of these before the first is taken: the
first films are looked at one by one, and the index is asked where too few of them say it.
"""

from importlib import import_module

from django.db import migrations

# `id + 0`: by its own index the rest would be read to the end.
SAID = """
CREATE OR REPLACE FUNCTION discovery_said_any(asked tsquery, whose bigint[], is_theirs boolean, most integer)
RETURNS TABLE (id bigint, course_id bigint, lesson_id bigint, caption_id bigint, is_free boolean)
LANGUAGE plpgsql STABLE ROWS 100 SET plan_cache_mode = force_custom_plan SET enable_seqscan = off AS $$
DECLARE
    found integer;
    last bigint;
BEGIN
    IF numnode(asked) = 0 THEN RETURN; END IF;
    IF is_theirs THEN
        RETURN QUERY SELECT s.id, s.course_id, s.lesson_id, s.caption_id, s.is_free FROM discovery_spoken s
            WHERE s.words @@ asked AND s.course_id = ANY(whose) LIMIT most;
        RETURN;
    END IF;
    last := coalesce((SELECT s.id FROM discovery_spoken s ORDER BY s.id OFFSET 199 LIMIT 1), 9223372036854775807);
    RETURN QUERY SELECT s.id, s.course_id, s.lesson_id, s.caption_id, s.is_free
        FROM (SELECT * FROM discovery_spoken o WHERE o.id <= last ORDER BY o.id OFFSET 0) s
        WHERE s.words @@ asked AND s.course_id <> ALL(whose) LIMIT most;
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found < most THEN
        RETURN QUERY SELECT s.id, s.course_id, s.lesson_id, s.caption_id, s.is_free FROM discovery_spoken s
            WHERE s.words @@ asked AND s.id + 0 > last AND s.course_id <> ALL(whose) LIMIT most - found;
    END IF;
END $$;
"""
BEFORE = import_module("discovery.migrations.0009_said_by_index").SAID.replace("CREATE", "CREATE OR REPLACE", 1)


class Migration(migrations.Migration):
    dependencies = [("discovery", "0011_near_words")]
    operations = [migrations.RunSQL(SAID, BEFORE)]
