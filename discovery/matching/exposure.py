"""How evenly matching shows courses: for everybody to read, from the counts of the last four weeks. A job reckons it
over all courses; a reader's page reads what stands.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from courses.models import Course
from discovery.models import Attention, Exposure, Newcomer

from . import gini, pacing

DAYS = 28
SIDE = 240  # of the square that the curve is drawn in
_LOCK = 7_412_002


@transaction.atomic
def reckon() -> bool:
    """Write today's figures, and how many places new courses need. False where another worker is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return False
    now = timezone.now()
    seen = Attention.objects.since((now - timedelta(days=DAYS)).date())
    on_sale = Course.objects.listed()
    shown = set(on_sale.filter(pk__in=seen).values_list("pk", flat=True))
    counts = [seen[pk] for pk in shown]
    unseen = max(0, on_sale.count() - len(counts))
    fresh = Newcomer.objects.granted(now).filter(pk__in=shown).values_list("pk", flat=True)
    ended = Newcomer.objects.shares(now)
    Exposure.objects.put(
        now.date(), gini=gini.coefficient(counts, unseen), looks=sum(counts), new_looks=sum(seen[pk] for pk in fresh),
        curve=gini.curve(counts, unseen), courses_ended=ended["courses"], courses_had=ended["courses_had"],
        creators_ended=ended["creators"], creators_had=ended["creators_had"],
    )  # fmt: skip
    pacing.reckon(now)
    return True


def line_of(curve: Iterable[tuple[float, float]]) -> str:
    """The points of the drawn curve."""
    return " ".join(f"{round(x * SIDE)},{round(SIDE - y * SIDE)}" for x, y in curve)
