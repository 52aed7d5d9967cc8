"""What the database holds of reports and decisions, and the decisions of before as measures."""

from django.db import migrations

from marketplace.lib.append_only import append_only

# A case is closed by its decision alone, stays closed, and is about one thing for good.
CASES = """
CREATE FUNCTION moderation_case_is_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.kind, NEW.key, NEW.owner_id, NEW.opened_at) IS DISTINCT FROM (OLD.kind, OLD.key, OLD.owner_id, OLD.opened_at)
       OR OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at THEN
        RAISE EXCEPTION 'a case stays what it is' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.closed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM moderation_measure WHERE case_id = NEW.id) THEN
        RAISE EXCEPTION 'a case is closed by a decision' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_is_decided BEFORE UPDATE ON moderation_case
FOR EACH ROW EXECUTE FUNCTION moderation_case_is_decided();
"""

# Nobody answers an appeal against her own decision, or her own appeal.
APPEALS = """
CREATE FUNCTION moderation_another_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM moderation_appeal a JOIN moderation_measure m ON m.id = a.measure_id
      WHERE a.id = NEW.appeal_id
        AND (m.decided_by_id = NEW.decided_by_id OR a.by_id = NEW.decided_by_id OR m.owner_id = NEW.decided_by_id);
    IF FOUND THEN
        RAISE EXCEPTION 'an appeal is answered by another person' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER another_answers BEFORE INSERT ON moderation_appealanswer
FOR EACH ROW EXECUTE FUNCTION moderation_another_answers();
CREATE FUNCTION moderation_owner_appeals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM moderation_measure m WHERE m.id = NEW.measure_id AND m.owner_id = NEW.by_id
       AND m.reverses_id IS NULL AND m.action <> 'dismiss';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an appeal is its owner''s' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER owner_appeals BEFORE INSERT ON moderation_appeal
FOR EACH ROW EXECUTE FUNCTION moderation_owner_appeals();
"""

# A reversal ends a decision, of the same thing and kind; it is not ended itself.
REVERSALS = """
CREATE FUNCTION moderation_reversal_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.reverses_id IS NOT NULL THEN
        PERFORM 1 FROM moderation_measure m WHERE m.id = NEW.reverses_id AND m.reverses_id IS NULL
           AND (m.kind, m.key, m.action, m.owner_id) = (NEW.kind, NEW.key, NEW.action, NEW.owner_id);
        IF NOT FOUND THEN
            RAISE EXCEPTION 'a reversal is of a decision' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reversal_fits BEFORE INSERT ON moderation_measure
FOR EACH ROW EXECUTE FUNCTION moderation_reversal_fits();
"""

COLUMNS = """kind, key, title, owner_id, course_id, creator_id, action, cause, rule_id, reason, is_reason_public,
    is_bad_faith, decided_by_id, decided_at, effect, reverses_id, takedown_id, suspension_id"""

# Takedowns and suspensions of before; their reasons were written for the creator alone.
BEFORE = f"""
INSERT INTO moderation_measure ({COLUMNS})
SELECT 'course', c.slug, c.title, p.user_id, c.id, p.id, 'unpublish', 'decided', r.id, t.reason, false, false,
       t.taken_down_by_id, t.taken_down_at, '{{}}', NULL, t.id, NULL
  FROM courses_takedown t JOIN courses_course c ON c.id = t.course_id JOIN creators_creator p ON p.id = c.creator_id
  JOIN moderation_ruleversion r ON r.code = t.rule_code AND r.number = 1
 WHERE t.taken_down_by_id <> p.user_id ORDER BY t.id;
INSERT INTO moderation_measure ({COLUMNS})
SELECT 'creator', p.slug, p.name, p.user_id, NULL, p.id, 'suspend', 'decided', r.id, s.reason, false, false,
       s.suspended_by_id, s.suspended_at, '{{}}', NULL, NULL, s.id
  FROM creators_suspension s JOIN creators_creator p ON p.id = s.creator_id
  JOIN moderation_ruleversion r ON r.code = s.rule_code AND r.number = 1
 WHERE s.suspended_by_id <> p.user_id ORDER BY s.id;
INSERT INTO moderation_measure ({COLUMNS})
SELECT m.kind, m.key, m.title, m.owner_id, m.course_id, m.creator_id, m.action, 'reversed', m.rule_id,
       coalesce(t.lift_reason, s.lift_reason), false, false, coalesce(t.lifted_by_id, s.lifted_by_id),
       coalesce(t.lifted_at, s.lifted_at), '{{}}', m.id, NULL, NULL
  FROM moderation_measure m
  LEFT JOIN courses_takedown t ON t.id = m.takedown_id LEFT JOIN creators_suspension s ON s.id = m.suspension_id
 WHERE coalesce(t.lifted_by_id, s.lifted_by_id) IS NOT NULL
   AND coalesce(t.lifted_by_id, s.lifted_by_id) <> m.owner_id ORDER BY m.id;
"""

TAKE_AWAY = """
DROP TRIGGER case_is_decided ON moderation_case; DROP FUNCTION moderation_case_is_decided();
DROP TRIGGER another_answers ON moderation_appealanswer; DROP FUNCTION moderation_another_answers();
DROP TRIGGER owner_appeals ON moderation_appeal; DROP FUNCTION moderation_owner_appeals();
DROP TRIGGER reversal_fits ON moderation_measure; DROP FUNCTION moderation_reversal_fits();
"""


class Migration(migrations.Migration):
    dependencies = [("moderation", "0004_cases"), ("floor", "0002_append_only")]
    operations = [
        migrations.RunSQL(CASES + APPEALS + REVERSALS, TAKE_AWAY),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
        *[
            append_only(f"moderation_{name}")
            for name in ("measure", "report", "evidence", "appeal", "appealanswer")
        ],
    ]  # fmt: skip
