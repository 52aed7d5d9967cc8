"""Keeping a creator from selling, and letting her sell again: the creators' verbs with her mail."""

from django.db import transaction

from accounts.models import User
from creators.models import Creator, Suspension

from . import messages, rubric


@transaction.atomic
def suspend(creator: Creator, by: User, rule_code: str, reason: str) -> Suspension:
    """All her courses leave the sale; learners keep theirs. Raises UnknownRule, AlreadySuspended, NotAllowed."""
    rule = rubric.CURRENT.rule(rule_code)
    suspension = Suspension.objects.suspend(creator=creator, by=by, rule_code=rule.code, reason=reason)
    messages.mail_suspension(suspension)
    return suspension


@transaction.atomic
def lift(suspension: Suspension, by: User, reason: str) -> Suspension:
    """Raises NotAllowed."""
    suspension.lift(by=by, reason=reason)
    messages.mail_suspension_lifted(suspension)
    return suspension
