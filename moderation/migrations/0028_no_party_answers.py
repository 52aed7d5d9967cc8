"""Nobody answers an appeal about a verdict on her own claim, nor one against a refund that she had agreed to."""

from django.db import migrations

# As before: who decided, who appeals, whom it is about.
BEFORE = """
CREATE OR REPLACE FUNCTION moderation_another_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM moderation_appeal a JOIN moderation_measure m ON m.id = a.measure_id
      WHERE a.id = NEW.appeal_id
        AND (m.decided_by_id = NEW.decided_by_id OR a.by_id = NEW.decided_by_id OR m.owner_id = NEW.decided_by_id);
    IF FOUND THEN
        RAISE EXCEPTION 'an appeal is answered by another person' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""

# A verdict on a claim is a measure against one side alone; what was decided with it is the claim's matter too.
WITH_SIDES = """
CREATE OR REPLACE FUNCTION moderation_another_answers() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("moderation", "0027_reminders")]
    operations = [migrations.RunSQL(WITH_SIDES, BEFORE)]
