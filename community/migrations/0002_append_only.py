from django.db import migrations

from marketplace.lib.append_only import append_only

# What somebody said before she said it otherwise is taken out once her account is deleted.
OPEN = """
CREATE FUNCTION community_refuse_but_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND to_jsonb(NEW) = jsonb_set(to_jsonb(OLD), '{text}', '""')
       AND EXISTS (SELECT 1 FROM accounts_accountdeletion d JOIN community_rating r ON r.learner_id = d.user_id
                    WHERE r.id = OLD.rating_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER community_ratingrevision_append_only ON community_ratingrevision;
CREATE TRIGGER community_ratingrevision_append_only BEFORE UPDATE OR DELETE ON community_ratingrevision
    FOR EACH ROW EXECUTE FUNCTION community_refuse_but_forgetting();
"""
CLOSE = """
DROP TRIGGER community_ratingrevision_append_only ON community_ratingrevision;
CREATE TRIGGER community_ratingrevision_append_only BEFORE UPDATE OR DELETE ON community_ratingrevision
    FOR EACH ROW EXECUTE FUNCTION floor_refuse_change();
DROP FUNCTION community_refuse_but_forgetting();
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0001_ratings"), ("floor", "0002_append_only"), ("accounts", "0003_records")]
    operations = [
        append_only("community_ratingrevision"),
        append_only("community_ratingreply"),
        migrations.RunSQL(OPEN, CLOSE),
    ]
