"""Refunds that were ordered by a mistake: the buyers keep their money, and the platform makes the sellers whole."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.money import Money, currency_choices

from .course_escrow import CourseEscrow, EscrowedShare
from .ledger_kinds import Book
from .refund import Refund
from .refund_line import RefundShare


class MakingGoodQuerySet(models.QuerySet["MakingGood"]):
    def order(self, origin: str, *, by: Any) -> "MakingGood":
        """Once an origin; ordered again, the row that is there."""
        row, _is_new = self.get_or_create(origin=origin, defaults={"ordered_by": by, "ordered_at": clock.now()})
        return row

    def open(self) -> Self:
        """Something of them may still be made good."""
        return self.filter(closed_at=None).order_by("pk")


class MakingGood(models.Model):
    """What the refunds of one origin took from sellers is made good, from `ordered_at` until nothing is left to do."""

    # As the refunds name it, and the app above.
    origin = models.CharField(max_length=60, unique=True)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = MakingGoodQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(closed_at=None), name="making_good_open")]

    def __str__(self) -> str:
        return self.origin

    def hold(self) -> "MakingGood":
        """Lock it for the rest of the transaction: two sweeps queue here."""
        return MakingGood.objects.select_for_update(no_key=True, of=("self",)).get(pk=self.pk)

    def due(self) -> models.QuerySet[RefundShare]:
        """What sellers gave of refunds that have happened, and was not made good yet.

        While somebody claims the course it waits, as all its income does; what a claimant was awarded was not theirs.
        """
        claimed = CourseEscrow.objects.open().filter(course=OuterRef("line__item__course")).order_by()
        lost = EscrowedShare.objects.awarded().filter(share=OuterRef("share"), given_minor__gt=0)
        rows = taken_by(self.origin).filter(line__refund__state=Refund.State.DONE, made_good=None)
        return rows.exclude(Exists(claimed)).exclude(Exists(lost))

    @property
    def is_waiting(self) -> bool:
        """Whether a refund is under way, or a share waits for a claim."""
        claimed = CourseEscrow.objects.open().filter(course__in=self._courses())
        return Refund.objects.under_way().filter(origin=self.origin).exists() or claimed.exists()

    def _courses(self) -> models.QuerySet[Any, Any]:
        return taken_by(self.origin).filter(made_good=None).values("line__item__course")

    def close(self, at: datetime) -> None:
        """Called by `payments.making_good`, which holds it."""
        self.closed_at = at
        self.save(update_fields=["closed_at"])


class MadeGoodQuerySet(models.QuerySet["MadeGood"]):
    def record(self, making: MakingGood, shares: Iterable[RefundShare], at: datetime) -> list["MadeGood"]:
        """With what they need at hand: `line__item__order`. A share that was made good breaks the key."""
        rows = [
            MadeGood(
                making=making, share=share, owner_id=share.owner_id, book=share.line.item.order.book,
                currency=share.line.item.order.currency, amount_minor=share.amount_minor, made_at=at,
            )
            for share in shares
        ]  # fmt: skip
        MadeGood.objects.bulk_create(rows)
        return rows


class MadeGood(models.Model):
    """The platform gave a seller what one refund had taken of one share. Append-only; the database compares the two."""

    making = models.ForeignKey(MakingGood, on_delete=models.PROTECT, related_name="rows")
    share = models.OneToOneField(RefundShare, on_delete=models.PROTECT, related_name="made_good")
    owner = models.ForeignKey(Creator, on_delete=models.PROTECT, related_name="+")
    book = models.CharField(max_length=8, choices=Book.choices)
    currency = models.CharField(max_length=3, choices=currency_choices())
    amount_minor = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()

    objects = MadeGoodQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="made_good_is_something")]

    def __str__(self) -> str:
        return f"{self.share_id}: {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


def taken_by(origin: str) -> models.QuerySet[RefundShare]:
    """What sellers gave, or are about to give, of the refunds of this origin."""
    return RefundShare.objects.filter(owner__isnull=False, line__failed_at=None, line__refund__origin=origin)
