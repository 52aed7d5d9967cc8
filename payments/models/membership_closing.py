"""A creator ends her membership, also for those who are members: said in time, at the end of a paid month."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import audit
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.errors import DomainError, NotAllowed

from .membership_offer import MembershipOffer, NoMembership

if TYPE_CHECKING:
    from .membership import Membership

NOTICE = timedelta(days=30)


class NoticeTooShort(DomainError):
    code = "notice_too_short"
    status = 400
    message = _("Members are told at least 30 days before.")


class MembershipClosingQuerySet(models.QuerySet["MembershipClosing"]):
    def of(self, membership: "Membership") -> Self:
        """What its creator has announced since it was agreed to."""
        rows, creator = self.filter(announced_at__gte=membership.agreed_at), membership.creator_id
        return rows.filter(creator=creator) if creator else rows.filter(creator=None)

    @transaction.atomic
    def announce(self, creator: Creator | None, ends_at: datetime, *, by: Any) -> "MembershipClosing":
        """No month that begins at `ends_at` or later is taken; new members are not taken from now on. Raises
        NotAllowed, NoMembership, NoticeTooShort.
        """
        MembershipOffer.objects.hold(creator)
        present = MembershipOffer.objects.present(creator)
        if by.pk != creator.user_id if creator else not by.has_role("finance"):
            raise NotAllowed
        if present is None:
            raise NoMembership
        now = clock.now()
        if ends_at < now + NOTICE:
            raise NoticeTooShort
        present.close(by=by)
        closing = self.create(creator=creator, ends_at=ends_at, announced_by=by, announced_at=now)
        audit.record(by, "membership.close", closing, ends_at=ends_at.isoformat())
        return closing


class MembershipClosing(models.Model):
    """For everybody who had agreed before `announced_at`, the last month is the one that begins before `ends_at`."""

    creator = models.ForeignKey(Creator, null=True, on_delete=models.PROTECT, related_name="membership_closings")
    ends_at = models.DateTimeField()
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField()

    objects = MembershipClosingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("announced_at") + NOTICE), name="members_are_told_in_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.creator_id} at {self.ends_at:%Y-%m-%d}"
