"""What the database refuses about paths, whoever writes."""

from django.db import migrations

from marketplace.lib.append_only import append_only

HOLD = """
CREATE FUNCTION courses_path_live_needs_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'live' AND (TG_OP = 'INSERT' OR OLD.state <> 'live') AND coalesce((
        SELECT d.verdict FROM courses_pathsubmission s LEFT JOIN courses_pathdecision d ON d.submission_id = s.id
        WHERE s.edition_id = NEW.id ORDER BY s.submitted_at DESC, s.id DESC LIMIT 1
    ), '') <> 'approve' THEN
        RAISE EXCEPTION 'edition % of a path has no approving decision: it cannot become live', NEW.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER courses_pathedition_live BEFORE INSERT OR UPDATE OF state ON courses_pathedition
    FOR EACH ROW EXECUTE FUNCTION courses_path_live_needs_approval();

CREATE FUNCTION courses_path_decider_is_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM courses_pathsubmission s JOIN courses_pathedition e ON e.id = s.edition_id
        JOIN courses_path p ON p.id = e.path_id LEFT JOIN creators_creator k ON k.id = p.creator_id
        WHERE s.id = NEW.submission_id AND (k.user_id = NEW.decided_by_id OR s.submitted_by_id = NEW.decided_by_id)
    ) THEN
        RAISE EXCEPTION 'who made a path cannot decide on it' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER courses_pathdecision_by_another BEFORE INSERT ON courses_pathdecision
    FOR EACH ROW EXECUTE FUNCTION courses_path_decider_is_another();

CREATE FUNCTION courses_path_content_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state NOT IN ('draft', 'returned') AND to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state' THEN
        RAISE EXCEPTION 'edition % of a path is %: its content is closed', OLD.id, OLD.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER courses_pathedition_closed BEFORE UPDATE ON courses_pathedition
    FOR EACH ROW EXECUTE FUNCTION courses_path_content_is_closed();

CREATE FUNCTION courses_path_steps_are_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE present_state text;
BEGIN
    SELECT state INTO present_state FROM courses_pathedition
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.edition_id ELSE OLD.edition_id END;
    IF present_state NOT IN ('draft', 'returned') OR (TG_OP = 'UPDATE' AND NEW.edition_id <> OLD.edition_id) THEN
        RAISE EXCEPTION 'the edition is %, its steps are closed', present_state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER courses_pathstep_closed BEFORE INSERT OR UPDATE OR DELETE ON courses_pathstep
    FOR EACH ROW EXECUTE FUNCTION courses_path_steps_are_closed();
"""

LET_GO = """
DROP TRIGGER courses_pathstep_closed ON courses_pathstep;
DROP FUNCTION courses_path_steps_are_closed();
DROP TRIGGER courses_pathedition_closed ON courses_pathedition;
DROP FUNCTION courses_path_content_is_closed();
DROP TRIGGER courses_pathdecision_by_another ON courses_pathdecision;
DROP FUNCTION courses_path_decider_is_another();
DROP TRIGGER courses_pathedition_live ON courses_pathedition;
DROP FUNCTION courses_path_live_needs_approval();
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0013_paths"), ("floor", "0002_append_only")]
    operations = [
        append_only("courses_pathdecision"),
        append_only("courses_pathclosure"),
        migrations.RunSQL(HOLD, LET_GO),
    ]
