"""What learners say of a course is a rating everywhere; "review" is what moderators do. Rows of before follow."""

from django.db import migrations

# Rows of record stay as they are but for this word: their trigger sleeps in this transaction alone, which holds the
# table against every other writer until it ends.
RECORDS = (
    ("moderation_measure", "moderation_measure_append_only", "kind = '{new}' WHERE kind = '{old}'"),
    ("moderation_case", "case_is_decided", "kind = '{new}' WHERE kind = '{old}'"),
    (
        "moderation_ruleversion",
        "moderation_ruleversion_append_only",
        "applies_to = array_replace(applies_to, '{old}', '{new}') WHERE '{old}' = ANY(applies_to)",
    ),
)


def renaming(old: str, new: str) -> str:
    return "\n".join(
        f"ALTER TABLE {table} DISABLE TRIGGER {trigger};"
        f"UPDATE {table} SET {change.format(old=old, new=new)};"
        f"ALTER TABLE {table} ENABLE TRIGGER {trigger};"
        for table, trigger, change in RECORDS
    )


class Migration(migrations.Migration):
    dependencies = [("moderation", "0019_ratings_hidden")]
    operations = [migrations.RunSQL(renaming("review", "rating"), renaming("rating", "review"))]
