from django.db import migrations, models

# What was said before these columns stood is known only as it stands now, so each state is given that. The table
# refuses changes: its trigger rests while the columns are filled, in this transaction alone.
FILL = """
ALTER TABLE community_ratingrevision DISABLE TRIGGER community_ratingrevision_append_only;
UPDATE community_ratingrevision v SET is_named = r.is_named, is_apart = r.is_apart
  FROM community_rating r
 WHERE r.id = v.rating_id AND (v.is_named, v.is_apart) IS DISTINCT FROM (r.is_named, r.is_apart);
ALTER TABLE community_ratingrevision ENABLE TRIGGER community_ratingrevision_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0003_hidings")]
    operations = [
        migrations.AddField("ratingrevision", "is_named", models.BooleanField(default=True, db_default=True)),
        migrations.AddField("ratingrevision", "is_apart", models.BooleanField(default=False, db_default=False)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex("rating", models.Index(fields=["said_at"], name="rating_said_at")),
        migrations.AddIndex("rating", models.Index(fields=["first_at"], name="rating_first_at")),
    ]
