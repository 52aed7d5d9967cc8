"""What changes whenever a course's card may look otherwise: PostgreSQL's own `xmin` of the two rows that it shows,
which every write renews. For queries over courses and their creators.
"""

from django.db.models import CharField
from django.db.models.expressions import RawSQL

STAMP = RawSQL("courses_course.xmin::text || '.' || creators_creator.xmin::text", [], output_field=CharField())
