"""A search learns from the index itself what its hits hold, and asks the courses' own rows only about the page it shows.
Three tiers are cut in two: the hourly job moves the more popular entries of each into the new ones.

Nothing is written anew: the facets of a course stand in its entry since 0005, and the new indexes begin empty.
"""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

TIERS, NEW = (0, 6, 1, 7, 2, 8, 3, 4, 5), (6, 7, 8)
_FOUND = """
        RETURN QUERY SELECT e.course_id,
                CASE WHEN is_ranked THEN discovery_rank(e.words, asked, e.quality) ELSE 0 END{more}
            FROM discovery_entry e WHERE e.tier = {tier} AND e.words @@ whole {lately} LIMIT most;
        GET DIAGNOSTICS found = ROW_COUNT;
        most := most - found;
        IF most <= 0 THEN RETURN; END IF;
"""


def tiers(more: str = "", lately: str = "") -> str:
    """Written out tier by tier, since a plan that is kept can only use the index of a tier that it names."""
    return "".join(_FOUND.format(tier=tier, more=more, lately=lately) for tier in TIERS)


# For lists that are querysets, and for servers of the version before: as it was, with the new tiers.
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
{tiers()}
END $$;
"""
_FACTS = ", e.facts, e.course_renewed_at"
# `lately` is any of many words: the index reads it for itself three times as fast as within the question.
ANSWERS = f"""
CREATE OR REPLACE FUNCTION discovery_answers(
    asked tsquery, narrowed tsquery, lately tsquery, most integer, is_ranked boolean)
RETURNS TABLE (course_id bigint, rank integer, facts text[], renewed_at timestamptz)
LANGUAGE plpgsql STABLE ROWS 500 SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
    found integer;
    whole tsquery := asked && narrowed;
BEGIN
    IF numnode(asked) = 0 THEN RETURN; END IF;
    IF numnode(lately) = 0 THEN
{tiers(_FACTS)}
    ELSE
{tiers(_FACTS, "AND e.words @@ lately")}
    END IF;
END $$;
"""
# Names that have the words: a plan that is kept knows that they are few, however many a question hits.
NAMED = """
CREATE OR REPLACE FUNCTION discovery_named(asked tsquery, of_kind text, among bigint[], most integer)
RETURNS TABLE (id bigint, subject_id bigint, name varchar)
LANGUAGE plpgsql STABLE ROWS 100 SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
    IF numnode(asked) = 0 THEN RETURN; END IF;
    IF among IS NULL THEN
        RETURN QUERY SELECT n.id, n.subject_id, n.name FROM discovery_name n
            WHERE n.words @@ asked AND n.kind = of_kind LIMIT most;
    ELSE
        RETURN QUERY SELECT n.id, n.subject_id, n.name FROM discovery_name n
            WHERE n.words @@ asked AND n.kind = of_kind AND n.subject_id = ANY(among) LIMIT most;
    END IF;
END $$;
"""
# Films in which it is said, in courses of `whose` or in all others. Planned each time: of a word that most films say
# the first are soon met, and the index would name all of them before.
SAID = """
CREATE OR REPLACE FUNCTION discovery_said(asked tsquery, whose bigint[], is_theirs boolean, most integer)
RETURNS TABLE (id bigint, course_id bigint, lesson_id bigint, caption_id bigint, is_free boolean)
LANGUAGE plpgsql STABLE ROWS 100 SET plan_cache_mode = force_custom_plan AS $$
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
    dependencies = [("discovery", "0010_entry_is_counted"), ("courses", "0030_kept_from_lists")]
    operations = [
        *(step for tier in NEW for step in built(tier)),
        migrations.RunSQL(FOUND, migrations.RunSQL.noop),
        migrations.RunSQL(
            ANSWERS, "DROP FUNCTION IF EXISTS discovery_answers(tsquery, tsquery, tsquery, integer, boolean)"
        ),
        migrations.RunSQL(NAMED, "DROP FUNCTION IF EXISTS discovery_named(tsquery, text, bigint[], integer)"),
        migrations.RunSQL(SAID, "DROP FUNCTION IF EXISTS discovery_said(tsquery, bigint[], boolean, integer)"),
    ]
