"""Keeping a person from writing, or her account from everything but what is hers, and ending it again."""

from typing import Any

from django.db import transaction

from . import audit
from .models import AccountCurb, User


@transaction.atomic
def impose(kind: str, person: User, *, by: User, **words: Any) -> AccountCurb:
    """`words`: rule_code, rule_version, reason. Raises AlreadyCurbed, NotAllowed."""
    row = AccountCurb.objects.impose(kind, person, by=by, **words)
    audit.record(by, f"account.{kind}", person, rule=row.rule_code, reason=row.reason)
    return row


@transaction.atomic
def lift(row: AccountCurb, *, by: User | None, reason: str) -> None:
    """As before; by nobody when its time has run out. Raises AlreadyUncurbed, NotAllowed."""
    row.lift(by=by, reason=reason)
    audit.record(by, f"account.lift_{row.kind}", row.person, reason=reason)
