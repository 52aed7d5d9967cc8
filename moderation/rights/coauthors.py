"""Who else has a part in the income of a claimed course."""

from django.conf import settings
from django.db.models import Q, QuerySet

from accounts.models import User
from marketplace.lib import clock
from moderation.models import RightsClaim
from payments.models import CourseEscrow, EscrowedShare, ItemShare, PoolPart, ShareKind, SplitLine


def of(claim: RightsClaim) -> QuerySet[User]:
    """Whose income is held, was awarded, would be taken in or is with the next sale, but for the sides themselves.

    Asked of the course, as a claim that is open again has another escrow than before: so whom a step would tell are
    those whom it tells.
    """
    present = SplitLine.objects.present(claim.course, at=clock.now()).order_by().values("creator")
    parts = Q(creator__in=present) | Q(creator__in=_held(claim)) | Q(creator__in=_not_held_yet(claim))
    pooled = PoolPart.objects.unpaid(claim.course_id, settings.PAYMENTS_BOOK)
    parts |= Q(creator__in={part.owner_id for part in pooled})
    people = User.objects.filter(parts, is_active=True)
    return people.exclude(pk__in=[claim.claimant_id, claim.owner_id]).order_by("pk")


def _held(claim: RightsClaim) -> QuerySet:
    """Now by any claim on the course; or awarded by this one, which may be taken back."""
    kept = Q(end="", escrow__course=claim.course_id)
    awarded = Q(end=EscrowedShare.End.AWARD, escrow=claim.escrow_id)
    return EscrowedShare.objects.with_rest().filter(kept | awarded).values("owner")


def _not_held_yet(claim: RightsClaim) -> QuerySet:
    """What an escrow that begins now takes in."""
    sales = CourseEscrow(course=claim.course).sales_to_take(settings.PAYMENTS_BOOK, also_released=True)
    waits = Q(item__released_at=None) | Q(waiting__isnull=False)
    waits |= Q(reserve__isnull=False, reserve__returned_at=None)
    shares = ItemShare.objects.filter(waits, item__in=sales.order_by().values("pk"), kind=ShareKind.CREATOR)
    return shares.values("owner")
