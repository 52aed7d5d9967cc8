"""A question whose chosen answer was hidden before follows that too: until it is shown again it has no chosen one."""

from django.db import migrations

FOLLOW = """
UPDATE community_post q SET accepted_id = NULL FROM community_post a
 WHERE q.kind = 'question' AND a.id = q.accepted_id AND a.is_hidden
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0006_posts_hold")]
    operations = [migrations.RunSQL(FOLLOW, migrations.RunSQL.noop)]
