"""What changes whenever a course's card may look otherwise: PostgreSQL's own `xmin` of the two rows that it shows,
which every write renews. For queries over courses.
"""

from django.db.models import CharField
from django.db.models.expressions import RawSQL

# Looked up row by row: a page has few. Joined, the database would weigh both tables before it reads any of them, which
# takes it as long as the page.
STAMP = RawSQL(
    "courses_course.xmin::text || '.' || "
    "(SELECT shown.xmin::text FROM creators_creator shown WHERE shown.id = courses_course.creator_id)",
    [],
    output_field=CharField(),
)
