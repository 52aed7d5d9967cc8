"""What a second person of finance said to a version of a way to pay by hand: before her yes no buyer sees it."""

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from marketplace.lib import clock
from marketplace.lib.errors import DomainError

from .payment_way import PaymentWay


class WayDecided(DomainError):
    code = "payment_way_decided"
    message = _("Nothing of this waits for a yes any more: somebody has decided, or there is a newer version.")


class PaymentWayVerdictQuerySet(models.QuerySet["PaymentWayVerdict"]):
    def note(self, way: PaymentWay, *, by: User, approves: bool, reason: str) -> "PaymentWayVerdict":
        """Raises WayDecided where there is one."""
        try:
            with transaction.atomic():
                return self.create(way=way, by=by, at=clock.now(), approves=approves, reason=reason)
        except IntegrityError:
            raise WayDecided from None


class PaymentWayVerdict(models.Model):
    """Somebody else than who set a version looked at where it leads. Append-only; one a version.

    `by` is empty for what stood before a second person was asked; the database takes no new one without.
    """

    way = models.OneToOneField(PaymentWay, on_delete=models.PROTECT, related_name="verdict")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    approves = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)

    objects = PaymentWayVerdictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(approves=True) | ~Q(reason=""), name="payment_way_declined_for_a_reason")
        ]

    def __str__(self) -> str:
        return f"{self.way_id}: {'yes' if self.approves else 'no'}"
