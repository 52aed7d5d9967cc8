"""Words stand in discovery's index: two indexes of the columns that held them before are read by nobody, and were
written with every sale.
"""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("courses", "0027_submissions_lures")]
    operations = [
        RemoveIndexConcurrently("course", "course_search"),
        RemoveIndexConcurrently("course", "course_search_text"),
    ]
