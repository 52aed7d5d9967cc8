"""What a moderator should know of a creator before judging her work. Figures only, from rows that cannot be edited."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import Count, Q, Sum
from django.utils import timezone

from courses.models import Course, Decision, Finding, Takedown
from creators.models import Creator

from .models import AppealAnswer, Measure

MOST_RULES = 3
# By the answer, since a decision may have ended by itself before; and by the end of what went with a claim's verdict.
OVERTURNED = Q(measure__appeal__answer__verdict=AppealAnswer.Verdict.OVERTURNED) | Q(
    measure__reversal__cause=Measure.Cause.APPEAL
)


@dataclass(frozen=True)
class Insights:
    on_sale: int
    learners: int
    approved: int
    sent_back: int
    takedowns: int
    suspensions: int
    # rule code and how often it was found, most frequent first
    frequent_findings: list[tuple[str, int]]


def about(creator: Creator) -> Insights:
    courses = Course.objects.filter(creator=creator)
    decided = Decision.objects.filter(submission__version__course__creator=creator).aggregate(
        approved=Count("pk", filter=Q(verdict=Decision.Verdict.APPROVE)),
        sent_back=Count("pk", filter=Q(verdict=Decision.Verdict.RETURN)),
    )
    found = Finding.objects.filter(decision__submission__version__course__creator=creator)
    frequent = found.values_list("rule_code").annotate(times=Count("pk")).order_by("-times", "rule_code")
    return Insights(
        on_sale=courses.on_sale().count(),
        learners=courses.aggregate(sum=Sum("learners_count", default=0))["sum"],
        # What an appeal has overturned does not count against her.
        takedowns=Takedown.objects.filter(course__creator=creator).exclude(OVERTURNED).count(),
        suspensions=creator.suspensions.exclude(OVERTURNED).count(),
        frequent_findings=list(frequent[:MOST_RULES]),
        **decided,
    )


def median_hours(days: int = 30) -> float | None:
    """How long a decision took of late: the middle of the last `days`, in hours; None when nothing was decided."""
    since = timezone.now() - timedelta(days=days)
    times = Decision.objects.filter(decided_at__gte=since).values_list("decided_at", "submission__submitted_at")
    hours = [(decided - submitted).total_seconds() / 3600 for decided, submitted in times[:2000]]
    return round(median(hours), 1) if hours else None
