from django.db import migrations

# What somebody answered is taken out once her account is deleted: her words may stand in it. What it was worth stays.
OPEN = """
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


def guarded(table: str, function: str) -> migrations.RunSQL:
    begin = (
        f"DROP TRIGGER {table}_append_only ON {table}; CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE"
        f" ON {table} FOR EACH ROW EXECUTE FUNCTION "
    )
    return migrations.RunSQL(f"{begin} {function};", f"{begin} floor_refuse_change();")


class Migration(migrations.Migration):
    dependencies = [("learners", "0012_assignments"), ("accounts", "0003_records")]
    operations = [
        migrations.RunSQL(OPEN, "DROP FUNCTION learners_refuse_result_change();"),
        guarded("learners_quizresult", "learners_refuse_result_change()"),
        guarded("learners_itemanswer", "learners_refuse_but_forgetting('learner_id', 'given', 'null')"),
    ]
