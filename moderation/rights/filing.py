"""Filing a claim: by anybody with an account, a few at a time, and fewer by those whose claims were found wrong."""

from datetime import timedelta
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib.errors import DomainError
from moderation import targets
from moderation.models import RightsClaim
from moderation.reports import OwnThing

from . import mails

A_DAY, A_YEAR = timedelta(days=1), timedelta(days=365)
OF_PERSON_A_DAY, OPEN_AT_ONCE = 10, 20
# From so many rejected claims of a year on, one at a time.
WRONG_OFTEN = 3


class TooManyClaims(DomainError):
    code = "too_many_claims"
    status = 429
    message = _("You have filed as many claims as one person may for now. Wait until they are decided.")


class AlreadyClaimed(DomainError):
    code = "already_claimed"
    message = _("You have an open claim about this already.")


class AppealIsOpen(DomainError):
    code = "claim_appeal_is_open"
    message = _("You have appealed against the rejection of your claim about this. Wait for the answer.")


class NoSuchTarget(DomainError):
    code = "no_such_target"
    status = 400
    message = _("A claim is about a course or a lesson.")


@transaction.atomic
def file(target: targets.Target, by: User, *, upload: File | None = None, **facts: Any) -> RightsClaim:
    """`facts`: holder, work, proof, proof_url, is_good_faith. The claimant gets a mail that it has come in.

    Raises NoSuchTarget, OwnThing, TooManyClaims, AlreadyClaimed, AppealIsOpen, and ValidationError for a file that
    may not be kept.
    """
    if target.kind not in ("course", "lesson"):
        raise NoSuchTarget
    if target.owner.pk == by.pk:
        raise OwnThing
    # One after another, so that many at once cannot each find room.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    _must_be_few(by)
    if RightsClaim.objects.appealed(by, target.kind, target.key).exists():
        raise AppealIsOpen
    try:
        with transaction.atomic():
            claim = RightsClaim.objects.file(target, claimant=by, upload=upload, **facts)
    except IntegrityError:
        raise AlreadyClaimed from None
    mails.filed(claim)
    return claim


def wrong_of(person: User) -> int:
    """How many of her claims were rejected within a year."""
    return RightsClaim.objects.rejected_of(person, timezone.now() - A_YEAR)


def _must_be_few(by: User) -> None:
    filed = RightsClaim.objects.filter(claimant=by)
    most_open = 1 if wrong_of(by) >= WRONG_OFTEN else OPEN_AT_ONCE
    today = filed.filter(filed_at__gt=timezone.now() - A_DAY).count()
    if today >= OF_PERSON_A_DAY or filed.open().count() >= most_open:
        raise TooManyClaims
