"""What the database holds of claims of copyright: what was filed stays, steps are never changed, nobody judges hers."""

from django.db import migrations

CLAIMS = """
CREATE FUNCTION moderation_rights_claim_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    follows text[] := ARRAY['state', 'due_at'];
    words text[] := ARRAY['holder', 'work', 'proof', 'proof_url', 'proof_file', 'proof_name', 'proof_type'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - follows = to_jsonb(OLD) - follows THEN
            RETURN NEW;
        END IF;
        IF to_jsonb(NEW) - follows - words = to_jsonb(OLD) - follows - words AND NEW.proof = '…' AND NEW.holder = '…'
           AND EXISTS (SELECT 1 FROM accounts_accountdeletion d WHERE d.user_id = OLD.claimant_id) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a claim stays as it was filed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER rights_claim_stays BEFORE UPDATE OR DELETE ON moderation_rightsclaim
FOR EACH ROW EXECUTE FUNCTION moderation_rights_claim_stays();
"""

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
CREATE TRIGGER moderation_rightsstep_append_only BEFORE UPDATE OR DELETE ON moderation_rightsstep
FOR EACH ROW EXECUTE FUNCTION moderation_refuse_but_forgetting();
CREATE TRIGGER moderation_rightsstep_no_truncate BEFORE TRUNCATE ON moderation_rightsstep
FOR EACH STATEMENT EXECUTE FUNCTION floor_refuse_change();
"""

TAKE_AWAY = """
DROP TRIGGER rights_claim_stays ON moderation_rightsclaim; DROP FUNCTION moderation_rights_claim_stays();
DROP TRIGGER rights_step_fits ON moderation_rightsstep; DROP FUNCTION moderation_rights_step_fits();
DROP TRIGGER moderation_rightsstep_append_only ON moderation_rightsstep;
DROP TRIGGER moderation_rightsstep_no_truncate ON moderation_rightsstep;
"""


class Migration(migrations.Migration):
    dependencies = [("moderation", "0010_rights_claims"), ("floor", "0002_append_only"), ("accounts", "0003_records")]
    operations = [migrations.RunSQL(CLAIMS + STEPS, TAKE_AWAY)]
