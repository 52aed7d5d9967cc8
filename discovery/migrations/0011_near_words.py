"""Words of the vocabulary that were perhaps meant, planned once a connection: asked with its values, the database takes
a list of four hundred slips for dearer than one of unknown length and plans anew for each question, which takes it
longer than to answer.
"""

from django.db import migrations

NEAR = """
CREATE FUNCTION discovery_near(written text[], heard text[], letters text[], words text[])
RETURNS TABLE (way text, word text, text text, courses integer, key text)
LANGUAGE plpgsql STABLE ROWS 30 SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT 'same', '', w.text::text, w.courses, '' FROM discovery_word w WHERE w.text = ANY(written) AND w.courses > 0
    UNION ALL SELECT 'sound', '', w.text::text, w.courses, w.pinyin::text FROM discovery_word w
        WHERE w.pinyin <> '' AND w.pinyin = ANY(heard) AND w.courses > 0
    UNION ALL SELECT 'initials', '', w.text::text, w.courses, w.initials::text FROM discovery_word w
        WHERE w.initials <> '' AND w.initials = ANY(letters) AND w.courses > 0 AND length(w.text) > 1;
    -- Those with the same stem are found by the very word.
    RETURN QUERY
    SELECT near.how, asked.each, near.text::text, near.courses,
        CASE WHEN to_tsvector('english', near.text) @@ plainto_tsquery('english', asked.each) THEN 'stem' ELSE '' END
    FROM unnest(words) AS asked(each), LATERAL (
        (SELECT 'part' AS how, w.text, w.courses FROM discovery_word w
            WHERE w.text LIKE '%' || asked.each || '%' AND w.courses > 0 ORDER BY w.courses DESC LIMIT 12)
        UNION ALL
        (SELECT 'like', w.text, w.courses FROM discovery_word w
            WHERE w.text % asked.each AND w.courses > 0 ORDER BY similarity(w.text, asked.each) DESC LIMIT 12)
    ) near;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("discovery", "0010_pace")]
    operations = [migrations.RunSQL(NEAR, "DROP FUNCTION discovery_near(text[], text[], text[], text[])")]
