"""A replacement that was carried out stands: learners' seconds were moved by what it says."""

from django.db import migrations

STANDS = """
CREATE FUNCTION videos_replacement_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[] := ARRAY['old_id', 'new_id'];
BEGIN
    IF OLD.carried_out_at IS NOT NULL AND (TG_OP = 'DELETE' OR to_jsonb(NEW) - free <> to_jsonb(OLD) - free) THEN
        RAISE EXCEPTION 'replacement % is carried out: % refused', OLD.id, TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER videos_replacement_stands BEFORE UPDATE OR DELETE ON videos_replacement
    FOR EACH ROW EXECUTE FUNCTION videos_replacement_stands();
"""
UNDO = "DROP TRIGGER videos_replacement_stands ON videos_replacement; DROP FUNCTION videos_replacement_stands();"


class Migration(migrations.Migration):
    dependencies = [("videos", "0011_replacements")]
    operations = [migrations.RunSQL(STANDS, UNDO)]
