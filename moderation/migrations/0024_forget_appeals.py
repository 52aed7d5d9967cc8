"""What somebody wrote in an appeal goes with her account, once; that she appealed, and the answer, stay."""

from django.db import migrations

GUARD = (
    "DROP TRIGGER moderation_appeal_append_only ON moderation_appeal;"
    "CREATE TRIGGER moderation_appeal_append_only BEFORE UPDATE OR DELETE ON moderation_appeal"
    " FOR EACH ROW EXECUTE FUNCTION "
)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0023_posts")]
    operations = [
        migrations.RunSQL(GUARD + "moderation_refuse_but_forgetting();", GUARD + "floor_refuse_change();"),
    ]
