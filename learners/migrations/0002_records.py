"""Tables of record of learners. Words go once their writer's account is deleted; nothing else of them ever changes."""

from django.db import migrations

from marketplace.lib.append_only import append_only

# Rows of record whose words go, once their writer's account is deleted: nothing else of them ever changes.
BUT_FORGETTING = """
CREATE FUNCTION learners_refuse_but_forgetting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND to_jsonb(NEW) = jsonb_set(to_jsonb(OLD), ARRAY[TG_ARGV[1]], TG_ARGV[2]::jsonb)
       AND EXISTS (SELECT 1 FROM accounts_accountdeletion d
                    WHERE d.user_id = (to_jsonb(OLD)->>TG_ARGV[0])::bigint) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""
# What somebody answered is taken out once her account is deleted: her words may stand in it. What it was worth stays.
BUT_ANSWERS = """
CREATE FUNCTION learners_refuse_result_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND to_jsonb(NEW) = jsonb_set(to_jsonb(OLD), '{answers}', '{}')
       AND EXISTS (SELECT 1 FROM accounts_accountdeletion d JOIN learners_quizattempt a ON a.learner_id = d.user_id
                    WHERE a.id = OLD.attempt_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""
# What was handed in keeps its files; a draft's files come and go.
FILES_STAY = """
CREATE FUNCTION learners_hand_in_files_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.hand_in_id IS NULL THEN
        IF TG_OP = 'DELETE' THEN
            RETURN OLD;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM accounts_accountdeletion d WHERE d.user_id = OLD.learner_id) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'what was handed in keeps its files: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER learners_handinfile_stays BEFORE UPDATE OR DELETE ON learners_handinfile
    FOR EACH ROW EXECUTE FUNCTION learners_hand_in_files_stay();
"""
UNDO_FILES_STAY = """
DROP TRIGGER learners_handinfile_stays ON learners_handinfile;
DROP FUNCTION learners_hand_in_files_stay();
"""


def forgetful(table: str, person: str, column: str = "text", blank: str = '"…"') -> migrations.RunSQL:
    """Append-only but for `column`, which becomes `blank` when the account in column `person` is deleted."""
    return append_only(table, f"learners_refuse_but_forgetting('{person}', '{column}', '{blank}')")


class Migration(migrations.Migration):
    replaces = [("learners", "0002_append_only")]
    dependencies = [
        # The last one that 0001_tables stands for, and not itself: a database that stands in between is refused (decision 105).
        ("learners", "0019_pauses"),
        ("floor", "0002_records"),
        ("accounts", "0002_records"),
    ]
    operations = [
        migrations.RunSQL(BUT_FORGETTING, "DROP FUNCTION learners_refuse_but_forgetting();"),
        migrations.RunSQL(BUT_ANSWERS, "DROP FUNCTION learners_refuse_result_change();"),
        append_only("learners_watchreport"),
        append_only("learners_certificate"),
        append_only("learners_certificaterevocation"),
        append_only("learners_fileopening"),
        append_only("learners_quizattempt"),
        append_only("learners_quizresult", "learners_refuse_result_change()"),
        forgetful("learners_itemanswer", "learner_id", "given", "null"),
        forgetful("learners_handin", "learner_id"),
        forgetful("learners_assessment", "by_id"),
        forgetful("learners_handinappeal", "by_id"),
        forgetful("learners_handinruling", "by_id"),
        append_only("learners_handinresult"),
        append_only("learners_agreement"),
        migrations.RunSQL(FILES_STAY, UNDO_FILES_STAY),
    ]
