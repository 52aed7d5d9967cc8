from django.db import migrations

from marketplace.lib.append_only import append_only

# What somebody said before she said it otherwise is taken out once her account is deleted.
OPEN = """
CREATE FUNCTION community_posts_refuse_but_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND to_jsonb(NEW) = to_jsonb(OLD) || '{"title": "", "text": ""}'
       AND EXISTS (SELECT 1 FROM accounts_accountdeletion d JOIN community_post p ON p.author_id = d.user_id
                    WHERE p.id = OLD.post_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER community_postrevision_append_only ON community_postrevision;
CREATE TRIGGER community_postrevision_append_only BEFORE UPDATE OR DELETE ON community_postrevision
    FOR EACH ROW EXECUTE FUNCTION community_posts_refuse_but_forgetting();
"""
CLOSE = """
DROP TRIGGER community_postrevision_append_only ON community_postrevision;
CREATE TRIGGER community_postrevision_append_only BEFORE UPDATE OR DELETE ON community_postrevision
    FOR EACH ROW EXECUTE FUNCTION floor_refuse_change();
DROP FUNCTION community_posts_refuse_but_forgetting();
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0005_posts"), ("floor", "0002_append_only"), ("accounts", "0003_records")]
    operations = [
        append_only("community_postrevision"),
        append_only("community_acceptance"),
        migrations.RunSQL(OPEN, CLOSE),
    ]
