"""What is written down of people's acts and rights stays as it was written."""

from django.db import migrations

from marketplace.lib.append_only import append_only

# A grant is written once and taken back once; what was said at either moment stays.
HOLD = """
CREATE FUNCTION accounts_role_grant_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL
       OR (NEW.id, NEW.user_id, NEW.role, NEW.granted_at, NEW.reason) IS DISTINCT FROM
          (OLD.id, OLD.user_id, OLD.role, OLD.granted_at, OLD.reason)
       OR NEW.granted_by_id IS DISTINCT FROM OLD.granted_by_id THEN
        RAISE EXCEPTION 'accounts_rolegrant: a grant is taken back once, and never changed or deleted'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER role_grant_holds BEFORE UPDATE OR DELETE ON accounts_rolegrant
    FOR EACH ROW EXECUTE FUNCTION accounts_role_grant_holds();
"""
LET_GO = "DROP TRIGGER role_grant_holds ON accounts_rolegrant; DROP FUNCTION accounts_role_grant_holds();"


class Migration(migrations.Migration):
    replaces = [("accounts", "0002_append_only")]
    dependencies = [
        # The last one that 0001_tables stands for, and not itself: a database that stands in between is refused (decision 105).
        ("accounts", "0012_curbs"),
        ("floor", "0002_records"),
    ]
    operations = [
        append_only("accounts_auditevent"),
        append_only("accounts_accountdeletion"),
        append_only("accounts_seeing"),
        migrations.RunSQL(HOLD, LET_GO),
    ]
