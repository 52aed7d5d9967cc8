"""Takedowns and suspensions that stand without a measure: made while two versions of the house ran side by side."""

from courses.models import Takedown
from creators.models import Suspension
from moderation import rulebook
from moderation.models import Measure

from .wish import Action


def of_takedown(row: Takedown) -> Measure:
    """The decision behind it."""
    found = Measure.objects.filter(takedown=row).first()
    course = row.course
    return found or Measure.objects.create(
        takedown=row, kind="course", key=course.slug, title=course.title, owner=course.creator.user, course=course,
        creator=course.creator, action=Action.UNPUBLISH, decided_by=row.taken_down_by, decided_at=row.taken_down_at,
        rule=rulebook.book().wording(row.rule_code, row.rule_version), reason=row.reason, is_reason_public=False,
    )  # fmt: skip


def of_suspension(row: Suspension) -> Measure:
    found = Measure.objects.filter(suspension=row).first()
    creator = row.creator
    return found or Measure.objects.create(
        suspension=row, kind="creator", key=creator.slug, title=creator.name, owner=creator.user, creator=creator,
        action=Action.SUSPEND, decided_by=row.suspended_by, decided_at=row.suspended_at,
        rule=rulebook.book().wording(row.rule_code, row.rule_version), reason=row.reason, is_reason_public=False,
    )  # fmt: skip
