"""The first hits of a question, tier after tier. A function, because its plan is made once a connection."""

from django.db import migrations

from discovery.models.entry import LAST_TIER

HITS = f"""
CREATE FUNCTION discovery_hits(asked tsquery, most integer)
RETURNS TABLE (course_id bigint, words tsvector, quality double precision, creator_name varchar)
LANGUAGE plpgsql STABLE ROWS 100 AS $$
DECLARE
    found integer;
BEGIN
    -- A question of nothing but "the" and "of" is empty, and would be answered by whole tiers.
    IF numnode(asked) = 0 THEN RETURN; END IF;
    FOR number IN 0..{LAST_TIER} LOOP
        RETURN QUERY SELECT e.course_id, e.words, e.quality, e.creator_name FROM discovery_entry e
            WHERE e.words @@ (asked && ('''=' || number || '''')::tsquery) LIMIT most;
        GET DIAGNOSTICS found = ROW_COUNT;
        most := most - found;
        EXIT WHEN most <= 0;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("discovery", "0002_signs")]
    operations = [migrations.RunSQL(HITS, "DROP FUNCTION discovery_hits(tsquery, integer)")]
