"""What the database holds of reports, decisions, appeals, claims and votes: each is made by whom it is for."""

from django.db import migrations

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
# Nobody answers an appeal against her own decision, or her own appeal, nor one about a verdict on her own claim or against
# a refund that she had agreed to. A verdict on a claim is a measure against one side alone; what was decided with it is
# the claim's matter too.
APPEALS = """
CREATE FUNCTION moderation_another_answers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    measure moderation_measure;
    appellant bigint;
BEGIN
    SELECT m.* INTO measure FROM moderation_appeal a JOIN moderation_measure m ON m.id = a.measure_id
     WHERE a.id = NEW.appeal_id;
    SELECT a.by_id INTO appellant FROM moderation_appeal a WHERE a.id = NEW.appeal_id;
    IF NEW.decided_by_id IN (measure.decided_by_id, measure.owner_id, appellant)
       OR EXISTS (SELECT 1 FROM moderation_rightsstep s JOIN moderation_rightsclaim c ON c.id = s.claim_id
                   WHERE (s.measure_id = measure.id OR s.hiding_id = measure.id OR s.refunding_id = measure.id)
                     AND NEW.decided_by_id IN (c.claimant_id, c.owner_id))
       OR EXISTS (SELECT 1 FROM moderation_refundverdict v JOIN moderation_refundwave w ON w.id = v.wave_id
                   WHERE v.agrees AND v.by_id = NEW.decided_by_id
                     AND (w.measure_id = measure.id
                          OR w.measure_id = (SELECT s.refunding_id FROM moderation_rightsstep s
                                              WHERE s.measure_id = measure.id))) THEN
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
WITHDRAWALS = """
CREATE FUNCTION moderation_withdraw_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM moderation_ruleversion WHERE id = NEW.rule_id AND in_force_at > NEW.withdrawn_at;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a rule in force cannot be withdrawn' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rule_withdrawn_in_time BEFORE INSERT ON moderation_rulewithdrawal
FOR EACH ROW EXECUTE FUNCTION moderation_withdraw_in_time();
"""
# A second answer is another person's, and never the creator's own.
LOOKS = """
CREATE FUNCTION moderation_another_looks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM moderation_secondlook l
      JOIN courses_decision d ON d.id = l.decision_id
      JOIN courses_submission s ON s.id = d.submission_id
      JOIN courses_version v ON v.id = s.version_id
      JOIN courses_course c ON c.id = v.course_id
      JOIN creators_creator cr ON cr.id = c.creator_id
      WHERE l.id = NEW.look_id AND (d.decided_by_id = NEW.by_id OR cr.user_id = NEW.by_id);
    IF FOUND THEN
        RAISE EXCEPTION 'a second look is another person''s' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER another_looks BEFORE INSERT ON moderation_secondjudgment
FOR EACH ROW EXECUTE FUNCTION moderation_another_looks();
"""
# A step of a claim of copyright is that of whose turn it is; nobody judges hers.
STEPS = """
CREATE FUNCTION moderation_rights_step_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    claim moderation_rightsclaim;
BEGIN
    SELECT * INTO claim FROM moderation_rightsclaim WHERE id = NEW.claim_id;
    IF NEW.kind IN ('go_on', 'withdraw') AND NEW.by_id <> claim.claimant_id
       OR NEW.kind = 'counter' AND NEW.by_id <> claim.owner_id
       OR NEW.kind IN ('admit', 'uphold', 'reject', 'settle', 'reopen', 'overturn')
          AND NEW.by_id IN (claim.claimant_id, claim.owner_id) THEN
        RAISE EXCEPTION 'this step is another person''s' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rights_step_fits BEFORE INSERT ON moderation_rightsstep
FOR EACH ROW EXECUTE FUNCTION moderation_rights_step_fits();
"""
# A vote is cast by whoever was given the case, and never by somebody whom the case is about or who reported it.
VOTES = """
CREATE FUNCTION moderation_vote_is_an_outsiders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM moderation_case c WHERE c.id = NEW.case_id AND c.owner_id = NEW.by_id)
       OR EXISTS (SELECT 1 FROM moderation_report r WHERE r.case_id = NEW.case_id AND r.reporter_id = NEW.by_id)
       OR NOT EXISTS (SELECT 1 FROM moderation_communityturn t
                        JOIN moderation_communityreviewer m ON m.id = t.reviewer_id
                       WHERE t.id = NEW.turn_id AND t.case_id = NEW.case_id AND m.person_id = NEW.by_id) THEN
        RAISE EXCEPTION 'a vote is another person''s' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vote_is_an_outsiders BEFORE INSERT ON moderation_communityvote
FOR EACH ROW EXECUTE FUNCTION moderation_vote_is_an_outsiders();
"""
TAKE_AWAY = "".join(
    f"DROP FUNCTION moderation_{function}() CASCADE;"
    for function in (
        "case_is_decided", "another_answers", "owner_appeals", "reversal_fits", "withdraw_in_time", "another_looks",
        "rights_step_fits", "vote_is_an_outsiders",
    )
)  # fmt: skip


class Migration(migrations.Migration):
    replaces = [("moderation", "0005_cases_hold")]
    dependencies = [
        ("moderation", "0002_records"),
        ("courses", "0003_publishing"),
    ]
    operations = [
        migrations.RunSQL(CASES + APPEALS + REVERSALS + WITHDRAWALS + LOOKS + STEPS + VOTES, TAKE_AWAY),
    ]
