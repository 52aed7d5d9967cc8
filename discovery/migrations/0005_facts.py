"""Facets are words of the index; one function finds the hits that filters leave, and ranks only so many of them."""

import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models import Value

from discovery.models.entry import LAST_TIER

# As narrowing.FACTS was when entries got their first ones; the hourly job keeps them from then on.
# Every vector is written anew: many times faster without its index. Until 0007 has built what takes its place, searches
# read every entry.
FILL = """
DROP INDEX entry_words;
UPDATE discovery_entry e SET facts = r.facts, words = e.words || array_to_tsvector(r.facts)
FROM (SELECT c.id, ARRAY['=w' || c.creator_id, '=p' || CASE WHEN c.price_minor = 0 THEN 'free' ELSE 'paid' END,
    '=l' || c.level, '=g' || c.language, '=n' || CASE WHEN c.duration_s < 1800 THEN 'short'
        WHEN c.duration_s < 10800 THEN 'medium' ELSE 'long' END,
    '=m' || to_char(coalesce(c.renewed_at, c.started_at) AT TIME ZONE 'UTC', 'YYYYMM'),
    '=c' || coalesce(c.category_id, 0), '=i' || coalesce(c.institution_id, 0)]
    || ARRAY(SELECT '=k' || spoken FROM unnest(c.captions) AS spoken)
    || ARRAY(SELECT '=s' || skill FROM unnest(c.skill_ids) AS skill) AS facts FROM courses_course c) r
WHERE e.course_id = r.id;
"""
# What the words found, weighed by quality, as a whole number.
RANK = """
CREATE FUNCTION discovery_rank(words tsvector, asked tsquery, quality double precision) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (1000000 * ts_rank('{0.1, 0.25, 0.5, 1.0}', words, asked, 1) * quality)::int
$$;
"""
# discovery_hits stays for the version before, while both run.
FOUND = f"""
CREATE FUNCTION discovery_found(asked tsquery, narrowed tsquery, most integer, is_ranked boolean)
RETURNS TABLE (course_id bigint, rank integer)
LANGUAGE plpgsql STABLE ROWS 100 AS $$
DECLARE
    found integer;
    whole tsquery;
BEGIN
    -- A question of nothing but "the" and "of" is empty, and would be answered by whole tiers.
    IF numnode(asked) = 0 THEN RETURN; END IF;
    FOR number IN 0..{LAST_TIER} LOOP
        whole := asked && narrowed && ('''=' || number || '''')::tsquery;
        RETURN QUERY SELECT e.course_id,
                CASE WHEN is_ranked THEN discovery_rank(e.words, asked, e.quality) ELSE 0 END
            FROM discovery_entry e WHERE e.words @@ whole LIMIT most;
        GET DIAGNOSTICS found = ROW_COUNT;
        most := most - found;
        EXIT WHEN most <= 0;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("discovery", "0004_matching"), ("courses", "0020_assignments")]
    operations = [
        migrations.AddField(
            model_name="entry",
            name="facts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                db_default=Value([], django.contrib.postgres.fields.ArrayField(models.TextField())),
                default=list,
                size=None,
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(RANK, "DROP FUNCTION discovery_rank(tsvector, tsquery, double precision)"),
        migrations.RunSQL(FOUND, "DROP FUNCTION discovery_found(tsquery, tsquery, integer, boolean)"),
    ]
