from django.db import migrations

# The words of somebody whose account is deleted are taken out, once; that there was a report or a comment stays.
OPEN = """
CREATE FUNCTION moderation_refuse_but_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND to_jsonb(NEW) = jsonb_set(to_jsonb(OLD), '{text}', '"…"')
       AND EXISTS (SELECT 1 FROM accounts_accountdeletion d
                    WHERE d.user_id = (coalesce(to_jsonb(OLD)->>'reporter_id', to_jsonb(OLD)->>'by_id'))::bigint) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""


def guarded(table):
    begin = f"DROP TRIGGER {table}_append_only ON {table}; CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION "
    return migrations.RunSQL(f"{begin} moderation_refuse_but_forgetting();", f"{begin} floor_refuse_change();")


class Migration(migrations.Migration):
    dependencies = [("moderation", "0005_cases_hold"), ("accounts", "0003_records")]
    operations = [
        migrations.RunSQL(OPEN, "DROP FUNCTION moderation_refuse_but_forgetting();"),
        guarded("moderation_report"),
        guarded("moderation_rulecomment"),
    ]
