"""The functions that a search asks. Functions, because their plans are made once a connection."""

from django.db import migrations

# What the words found, weighed by quality, as a whole number.
RANK = """
CREATE FUNCTION discovery_rank(words tsvector, asked tsquery, quality double precision) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (1000000 * ts_rank('{0.1, 0.25, 0.5, 1.0}', words, asked, 1) * quality)::int
$$;
"""
# The most popular first; each has an index of its own.
TIERS = (0, 6, 1, 7, 2, 8, 3, 4, 5)
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


# For lists that are querysets.
FOUND = f"""
CREATE FUNCTION discovery_found(asked tsquery, narrowed tsquery, most integer, is_ranked boolean)
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
CREATE FUNCTION discovery_answers(
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
CREATE FUNCTION discovery_named(asked tsquery, of_kind text, among bigint[], most integer)
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
CREATE FUNCTION discovery_said(asked tsquery, whose bigint[], is_theirs boolean, most integer)
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
# What is longest in a row is put aside: without this the vector, of which each hit needs all, and then three more pages
# are read for it. Rows come to it as they are written.
BESIDE = "ALTER TABLE discovery_entry ALTER COLUMN words SET STORAGE MAIN"
ASIDE = "ALTER TABLE discovery_entry ALTER COLUMN words SET STORAGE EXTENDED"


class Migration(migrations.Migration):
    replaces = [("discovery", "0003_hits")]
    dependencies = [
        # The last one that 0001_tables stands for, and not itself: a database that stands in between is refused (decision 105).
        ("discovery", "0011_answers_tell_their_facets"),
        ("courses", "0004_likeness"),
    ]
    operations = [
        migrations.RunSQL(BESIDE, ASIDE),
        migrations.RunSQL(RANK, "DROP FUNCTION discovery_rank(tsvector, tsquery, double precision)"),
        migrations.RunSQL(FOUND, "DROP FUNCTION discovery_found(tsquery, tsquery, integer, boolean)"),
        migrations.RunSQL(ANSWERS, "DROP FUNCTION discovery_answers(tsquery, tsquery, tsquery, integer, boolean)"),
        migrations.RunSQL(NAMED, "DROP FUNCTION discovery_named(tsquery, text, bigint[], integer)"),
        migrations.RunSQL(SAID, "DROP FUNCTION discovery_said(tsquery, bigint[], boolean, integer)"),
    ]
