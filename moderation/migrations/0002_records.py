"""Tables of record of moderation. Words go once their writer's account is deleted; nothing else of them ever changes."""

from django.db import migrations

from marketplace.lib.append_only import append_only

# It knows who wrote by `reporter_id` or `by_id`, and blanks `text`; that there was a report or a comment stays.
BUT_FORGETTING = """
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
FORGETTING = "moderation_refuse_but_forgetting()"
# Of a flag only changes whether its figures still stand out.
STAYS = """
CREATE FUNCTION moderation_flag_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'cleared_at' = to_jsonb(OLD) - 'cleared_at' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a flag stays what it is' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER flag_stays BEFORE UPDATE OR DELETE ON moderation_flag
FOR EACH ROW EXECUTE FUNCTION moderation_flag_stays();
CREATE TRIGGER flag_no_truncate BEFORE TRUNCATE ON moderation_flag
FOR EACH STATEMENT EXECUTE FUNCTION floor_refuse_change();
"""
NO_LONGER = """
DROP TRIGGER flag_no_truncate ON moderation_flag; DROP TRIGGER flag_stays ON moderation_flag;
DROP FUNCTION moderation_flag_stays();
"""
# A claim of copyright stays as it was filed; its state, its day and its escrow follow.
CLAIM_STAYS = """
CREATE FUNCTION moderation_rights_claim_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    follows text[] := ARRAY['state', 'due_at', 'escrow_id'];
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
CLAIM_FREE = """
DROP TRIGGER rights_claim_stays ON moderation_rightsclaim; DROP FUNCTION moderation_rights_claim_stays();
"""


class Migration(migrations.Migration):
    replaces = [("moderation", "0006_forget_reporters")]
    dependencies = [
        # The last one that 0001_tables stands for, and not itself: a database that stands in between is refused (decision 105).
        ("moderation", "0030_more_words"),
        ("floor", "0002_records"),
        ("accounts", "0002_records"),
    ]
    operations = [
        migrations.RunSQL(BUT_FORGETTING, f"DROP FUNCTION {FORGETTING};"),
        *(
            append_only(f"moderation_{name}", FORGETTING)
            for name in ("report", "rulecomment", "flaganswer", "rightsstep", "communityvote", "appeal")
        ),
        *(
            append_only(f"moderation_{name}")
            for name in (
                "ruleversion", "rulewithdrawal", "measure", "evidence", "appealanswer", "appealreminder", "refundverdict",
                "secondlook", "secondjudgment", "communityadvice", "listedword", "wordwithdrawal",
            )
        ),
        migrations.RunSQL(STAYS, NO_LONGER),
        migrations.RunSQL(CLAIM_STAYS, CLAIM_FREE),
    ]  # fmt: skip
