"""Each tier of courses has an index of its own in place of a word of its own, and vectors lie in the rows that are read
with them.
"""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

TIERS = 6
_TIER = """
    RETURN QUERY SELECT e.course_id, CASE WHEN is_ranked THEN discovery_rank(e.words, asked, e.quality) ELSE 0 END
        FROM discovery_entry e WHERE e.tier = {tier} AND e.words @@ whole LIMIT most;
    GET DIAGNOSTICS found = ROW_COUNT;
    most := most - found;
    IF most <= 0 THEN RETURN; END IF;
"""
# Written out tier by tier, since a plan that is kept can only use the index of a tier that it names.
FOUND = f"""
CREATE OR REPLACE FUNCTION discovery_found(asked tsquery, narrowed tsquery, most integer, is_ranked boolean)
RETURNS TABLE (course_id bigint, rank integer)
LANGUAGE plpgsql STABLE ROWS 100 SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    found integer;
    whole tsquery := asked && narrowed;
BEGIN
    -- A question of nothing but "the" and "of" is empty, and would be answered by whole tiers.
    IF numnode(asked) = 0 THEN RETURN; END IF;
{"".join(_TIER.format(tier=tier) for tier in range(TIERS))}
END $$;
"""


def built(tier: int) -> list[Operation]:
    """A build that is cut short leaves an index that is not valid, and its name taken: the next run begins anew."""
    name = f"entry_words_{tier}"
    index = django.contrib.postgres.indexes.GinIndex(
        fields=["words"], name=name, condition=models.Q(tier=tier), fastupdate=False
    )
    return [
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", migrations.RunSQL.noop),
        AddIndexConcurrently("entry", index),
    ]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("discovery", "0006_names")]
    operations = [
        # What is longest in a row is put aside: without this the vector, of which each hit needs all, and then three
        # more pages are read for it. Rows come to it as they are written.
        migrations.RunSQL("ALTER TABLE discovery_entry ALTER COLUMN words SET STORAGE MAIN", migrations.RunSQL.noop),
        *(step for tier in range(TIERS) for step in built(tier)),
        migrations.RunSQL(FOUND, migrations.RunSQL.noop),
        migrations.RunSQL("DROP FUNCTION IF EXISTS discovery_hits(tsquery, integer)", migrations.RunSQL.noop),
        RemoveIndexConcurrently("entry", "entry_words"),
    ]
