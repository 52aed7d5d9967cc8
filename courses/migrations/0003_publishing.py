"""What the database itself refuses about courses and paths, whoever writes."""

from django.db import migrations

LIVE_NEEDS_APPROVAL = """
CREATE FUNCTION courses_live_needs_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'live' AND (TG_OP = 'INSERT' OR OLD.state <> 'live') AND coalesce((
        SELECT d.verdict FROM courses_submission s LEFT JOIN courses_decision d ON d.submission_id = s.id
        WHERE s.version_id = NEW.id ORDER BY s.submitted_at DESC, s.id DESC LIMIT 1
    ), '') <> 'approve' THEN
        RAISE EXCEPTION 'version % has no approving decision: it cannot become live', NEW.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER courses_version_live BEFORE INSERT OR UPDATE OF state ON courses_version
    FOR EACH ROW EXECUTE FUNCTION courses_live_needs_approval();

CREATE FUNCTION courses_shown_version_is_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.live_version_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM courses_version v
        WHERE v.id = NEW.live_version_id AND v.course_id = NEW.id AND v.state = 'live'
    ) THEN
        RAISE EXCEPTION 'course %: version % is not its live version', NEW.id, NEW.live_version_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER courses_course_shows_live BEFORE INSERT OR UPDATE OF live_version_id ON courses_course
    FOR EACH ROW EXECUTE FUNCTION courses_shown_version_is_live();
"""
UNDO_LIVE_NEEDS_APPROVAL = """
DROP TRIGGER courses_course_shows_live ON courses_course;
DROP FUNCTION courses_shown_version_is_live();
DROP TRIGGER courses_version_live ON courses_version;
DROP FUNCTION courses_live_needs_approval();
"""
DECIDER_IS_ANOTHER = """
CREATE FUNCTION courses_decider_is_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM courses_submission s JOIN courses_version v ON v.id = s.version_id
        JOIN courses_course c ON c.id = v.course_id JOIN creators_creator k ON k.id = c.creator_id
        WHERE s.id = NEW.submission_id AND (k.user_id = NEW.decided_by_id OR s.submitted_by_id = NEW.decided_by_id)
    ) THEN
        RAISE EXCEPTION 'a creator cannot decide on her own course' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER courses_decision_by_another BEFORE INSERT ON courses_decision
    FOR EACH ROW EXECUTE FUNCTION courses_decider_is_another();
"""
UNDO_DECIDER_IS_ANOTHER = """
DROP TRIGGER courses_decision_by_another ON courses_decision;
DROP FUNCTION courses_decider_is_another();
"""
# What was submitted is what was decided on and what is shown: it cannot change behind the moderator's back. Lengths may
# follow their films, and states go their way.
CLOSED_CONTENT = """
CREATE FUNCTION courses_version_content_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE free text[] := ARRAY['state', 'live_at', 'lessons_count', 'duration_s'];
BEGIN
    IF OLD.state NOT IN ('draft', 'returned') AND to_jsonb(NEW) - free <> to_jsonb(OLD) - free THEN
        RAISE EXCEPTION 'version % is %: its content is closed', OLD.id, OLD.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER courses_version_closed BEFORE UPDATE ON courses_version
    FOR EACH ROW EXECUTE FUNCTION courses_version_content_is_closed();

CREATE FUNCTION courses_curriculum_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    present_state text;
    free text[] := ARRAY['duration_s'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
        RETURN NEW;
    END IF;
    SELECT state INTO present_state FROM courses_version
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END;
    IF present_state NOT IN ('draft', 'returned') OR (TG_OP = 'UPDATE' AND NEW.version_id <> OLD.version_id) THEN
        RAISE EXCEPTION '%: the version is %, its curriculum is closed', TG_TABLE_NAME, present_state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER courses_section_closed BEFORE INSERT OR UPDATE OR DELETE ON courses_section
    FOR EACH ROW EXECUTE FUNCTION courses_curriculum_is_closed();
CREATE TRIGGER courses_lesson_closed BEFORE INSERT OR UPDATE OR DELETE ON courses_lesson
    FOR EACH ROW EXECUTE FUNCTION courses_curriculum_is_closed();
CREATE TRIGGER courses_attachment_closed BEFORE INSERT OR UPDATE OR DELETE ON courses_attachment
    FOR EACH ROW EXECUTE FUNCTION courses_curriculum_is_closed();
CREATE TRIGGER courses_taughtskill_closed BEFORE INSERT OR UPDATE OR DELETE ON courses_taughtskill
    FOR EACH ROW EXECUTE FUNCTION courses_curriculum_is_closed();
"""
UNDO_CLOSED_CONTENT = """
DROP TRIGGER courses_taughtskill_closed ON courses_taughtskill;
DROP TRIGGER courses_attachment_closed ON courses_attachment;
DROP TRIGGER courses_lesson_closed ON courses_lesson;
DROP TRIGGER courses_section_closed ON courses_section;
DROP FUNCTION courses_curriculum_is_closed();
DROP TRIGGER courses_version_closed ON courses_version;
DROP FUNCTION courses_version_content_is_closed();
"""
PUBLISHED_STAYS = """
CREATE FUNCTION courses_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('live', 'superseded') AND (
        TG_OP = 'DELETE' OR NEW.state NOT IN ('live', 'superseded') OR NEW.live_at IS DISTINCT FROM OLD.live_at
        OR (OLD.state = 'superseded' AND NEW.state <> 'superseded')
    ) THEN
        RAISE EXCEPTION 'version % was published: it stays as it is', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER courses_version_published_stays BEFORE DELETE OR UPDATE OF state, live_at ON courses_version
    FOR EACH ROW EXECUTE FUNCTION courses_published_stays();
"""
UNDO_PUBLISHED_STAYS = """
DROP TRIGGER courses_version_published_stays ON courses_version;
DROP FUNCTION courses_published_stays();
"""
# A decision is written to its submission by the database, so that the two never tell different things.
DECIDED = """
CREATE FUNCTION courses_submission_is_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE courses_submission SET decided_at = NEW.decided_at WHERE id = NEW.submission_id;
    RETURN NULL;
END $$;
CREATE TRIGGER submission_is_decided AFTER INSERT ON courses_decision
    FOR EACH ROW EXECUTE FUNCTION courses_submission_is_decided();
"""
UNDO_DECIDED = """
DROP TRIGGER submission_is_decided ON courses_decision;
DROP FUNCTION courses_submission_is_decided();
"""
PATHS_HOLD = """
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
UNDO_PATHS_HOLD = """
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
    replaces = [("courses", "0014_paths_hold")]
    dependencies = [
        ("courses", "0002_records"),
    ]
    operations = [
        migrations.RunSQL(LIVE_NEEDS_APPROVAL, UNDO_LIVE_NEEDS_APPROVAL),
        migrations.RunSQL(DECIDER_IS_ANOTHER, UNDO_DECIDER_IS_ANOTHER),
        migrations.RunSQL(CLOSED_CONTENT, UNDO_CLOSED_CONTENT),
        migrations.RunSQL(PUBLISHED_STAYS, UNDO_PUBLISHED_STAYS),
        migrations.RunSQL(DECIDED, UNDO_DECIDED),
        migrations.RunSQL(PATHS_HOLD, UNDO_PATHS_HOLD),
    ]
