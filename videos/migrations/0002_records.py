"""Evidence of twins and grants of space stay; so does a replacement that was carried out."""

from django.db import migrations

from marketplace.lib.append_only import append_only

# Learners' seconds were moved by what it says.
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
    replaces = [("videos", "0012_replacements_stand")]
    dependencies = [
        # The last one that 0001_tables stands for, and not itself: a database that stands in between is refused (decision 105).
        ("videos", "0019_made_anew"),
        ("floor", "0002_records"),
    ]
    operations = [
        append_only("videos_twinmatch"),
        append_only("videos_spacegrant"),
        migrations.RunSQL(STANDS, UNDO),
    ]
