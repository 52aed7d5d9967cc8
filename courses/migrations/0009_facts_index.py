"""All that filters ask for in one index, while the site goes on: few courses that fit are found by it."""

from django.db import migrations

# As courses.rare asks for it. Written at once: what waits to be sorted in would be looked through by every list.
_CREATE = """
CREATE INDEX CONCURRENTLY course_facts ON courses_course USING gin (
    (array_remove(ARRAY['c' || category_id::text, 'i' || institution_id::text, 'l' || level, 'g' || language,
        CASE WHEN price_minor = 0 THEN 'pfree' ELSE 'ppaid' END,
        CASE WHEN duration_s < 1800 THEN 'nshort' WHEN duration_s < 10800 THEN 'nmedium' ELSE 'nlong' END,
        'm' || (extract(year FROM renewed_at AT TIME ZONE 'UTC') * 12
            + extract(month FROM renewed_at AT TIME ZONE 'UTC'))::integer::text,
        CASE WHEN rating_count >= 3 AND rating_score >= 4500 THEN 'r4.5' END,
        CASE WHEN rating_count >= 3 AND rating_score >= 4000 THEN 'r4' END], NULL)),
    captions, skill_ids
) WITH (fastupdate = off) WHERE live_version_id IS NOT NULL
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("courses", "0008_free_index")]
    operations = [
        # A build that is cut short leaves an index that is not valid, and its name taken: the next run begins anew.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS course_facts", migrations.RunSQL.noop),
        migrations.RunSQL(_CREATE, "DROP INDEX CONCURRENTLY IF EXISTS course_facts"),
    ]
