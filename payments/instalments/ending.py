"""When nothing more may be taken of a plan, whoever would take it: the clock, or the buyer by hand."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from learners.models import Enrollment

from ..models import InstalmentPlan
from . import mails


def paused_for_nothing(most: int) -> list[int]:
    """Paused plans of which nothing can be paid any more: the right has ended, or the course is gone."""
    rights = Enrollment.objects.active().filter(learner=OuterRef("buyer"), reference=OuterRef("reference"))
    is_over = ~Exists(rights) | Q(course__is_taken_down=True) | Q(course__live_version=None)
    paused = InstalmentPlan.objects.live().filter(is_over, state=InstalmentPlan.State.PAUSED)
    return list(paused.order_by("pk").values_list("pk", flat=True)[:most])


def end_if_over(plan: InstalmentPlan, at: datetime) -> bool:
    """End a plan whose right has ended, or whose course is not offered any more. The caller holds it."""
    reasons, course = InstalmentPlan.EndReason, plan.course
    if not Enrollment.objects.active().of(plan.buyer).filter(reference=plan.reference).exists():
        return plan.end(reasons.RIGHT_ENDED, at)
    if not (course.is_taken_down or course.live_version_id is None):
        return False
    if plan.end(reasons.COURSE_GONE, at):
        mails.ended(plan)
    return True
