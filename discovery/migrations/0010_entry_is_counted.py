"""Whether the vocabulary counts an entry's words: of courses that stand in no list it counts none any more. The next
hourly refresh takes away what it counted before.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("discovery", "0009_saved_and_news")]
    operations = [
        migrations.AddField("entry", "is_counted", models.BooleanField(default=True, db_default=True)),
    ]
