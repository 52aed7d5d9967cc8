"""How like two words must be for one to be taken for the other."""

from django.db import migrations

# A word with one letter wrong is about 0.4 like the right one. New connections read it from the database's own settings.
LIKENESS = """
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET pg_trgm.word_similarity_threshold = 0.4', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'pg_trgm.word_similarity_threshold stays as it is; its owner may set it to 0.4';
END $$;
SET pg_trgm.word_similarity_threshold = 0.4;
"""


class Migration(migrations.Migration):
    replaces = [("courses", "0016_collections_hold")]
    dependencies = [
        ("courses", "0003_publishing"),
    ]
    operations = [
        migrations.RunSQL(LIKENESS, migrations.RunSQL.noop),
    ]
