"""Taking a course off the sale and lifting it again: the courses' verbs with the creator's mail."""

from django.db import transaction

from accounts.models import User
from courses.models import Course, Takedown

from . import messages, rubric


@transaction.atomic
def take_down(course: Course, by: User, rule_code: str, reason: str) -> Takedown:
    """Raises UnknownRule, AlreadyTakenDown, NotAllowed."""
    rule = rubric.CURRENT.rule(rule_code)
    takedown = course.take_down(by=by, rule_code=rule.code, reason=reason)
    messages.mail_takedown(takedown)
    return takedown


@transaction.atomic
def lift(takedown: Takedown, by: User, reason: str) -> Takedown:
    """Raises AlreadyLifted, NotAllowed."""
    takedown.lift(by=by, reason=reason)
    messages.mail_lifted(takedown)
    return takedown
