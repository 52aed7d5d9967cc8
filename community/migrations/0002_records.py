"""What somebody said before she said it otherwise stays, and is taken out once her account is deleted."""

from django.db import migrations

from marketplace.lib.append_only import append_only

RATINGS = """
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
"""
POSTS = """
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
"""


class Migration(migrations.Migration):
    replaces = [("community", "0002_append_only")]
    dependencies = [
        # The last one that 0001_tables stands for, and not itself: a database that stands in between is refused (decision 105).
        ("community", "0007_hidden_is_not_chosen"),
        ("floor", "0002_records"),
        ("accounts", "0002_records"),
    ]
    operations = [
        migrations.RunSQL(RATINGS, "DROP FUNCTION community_refuse_but_forgetting();"),
        migrations.RunSQL(POSTS, "DROP FUNCTION community_posts_refuse_but_forgetting();"),
        append_only("community_ratingrevision", "community_refuse_but_forgetting()"),
        append_only("community_ratingreply"),
        append_only("community_postrevision", "community_posts_refuse_but_forgetting()"),
        append_only("community_acceptance"),
    ]
