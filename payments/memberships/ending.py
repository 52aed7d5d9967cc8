"""When nothing more may be taken of a membership, whoever would take it: the clock, or the member by hand."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from creators.models import Creator
from marketplace.lib import clock

from ..models import (
    Dispute,
    Membership,
    MembershipClosing,
    MembershipMonth,
    MembershipOffer,
    Order,
    Refund,
)
from . import mails, taking_back

# So long one may open nothing at all before it ends: a course may be taken down, or shown anew, for an hour.
PATIENCE = timedelta(hours=24)


def end_if_over(held: Membership, now: datetime) -> bool:
    """End what she canceled, what its creator ended in time, and what opens nothing any more: once what was paid is
    over, and never before. Its caller holds it.
    """
    reasons = Membership.EndReason
    assert held.paid_until is not None
    if now < held.paid_until:
        return False
    if held.canceled_at is not None:
        return held.end(reasons.CANCELED, now)
    if closes_before(held, held.span(held.next_month(now))[0]):
        return _end(held, reasons.CLOSED, now)
    if not held.offer.courses().exists():
        return _end(held, reasons.CREATOR_GONE, now)
    return False


def closes_before(membership: Membership, begins: datetime) -> bool:
    """Whether a month that begins then is not taken any more, since its creator has said so in time."""
    closing = closing_of(membership)
    return closing is not None and closing.ends_at <= begins


def closing_of(membership: Membership) -> MembershipClosing | None:
    """What its creator has announced since it was agreed to."""
    return MembershipClosing.objects.of(membership).order_by("ends_at").first()


def note_what_opens_nothing(now: datetime) -> None:
    """Since when memberships open no course at all; a row of each kind of offer, not of each member, is asked."""
    running = Membership.objects.running()
    offers = MembershipOffer.objects.filter(pk__in=running.values("offer")).select_related("creator")
    empty = [offer.pk for offer in offers if not offer.courses().exists()]
    running.filter(offer__in=empty, empty_since=None).update(empty_since=now)
    running.exclude(offer__in=empty).filter(empty_since__isnull=False).update(empty_since=None)


def opening_nothing(now: datetime) -> QuerySet[Membership]:
    """Running ones that have opened nothing for long enough; of suspended creators at once."""
    gone = Creator.objects.filter(pk=OuterRef("creator"), suspended_at__isnull=False)
    return Membership.objects.running().filter(Exists(gone) | Q(empty_since__lte=now - PATIENCE))


@transaction.atomic
def end_for_nothing(pk: int) -> bool:
    """End one of those, and give the rest of what was paid back: what nobody can use was not sold. False where it is
    none of them any more, or a month came at the same moment: then the next sweep does it.
    """
    now = clock.now()
    orders = taking_back.hold_lasting(pk, now)
    held = Membership.objects.hold_all([pk])[pk]
    if not opening_nothing(now).filter(pk=pk).exists() or set(orders) != taking_back.lasting(held, now):
        return False
    taking_back.give_rest_back(held, orders, now)
    return _end(held, Membership.EndReason.CREATOR_GONE, now)


def what_waited() -> QuerySet[MembershipMonth]:
    """Months of which the rest is still to be given back: when their membership ended for nothing a bank held their
    money, and its dispute has ended since.
    """
    ended = MembershipMonth.objects.kept().filter(
        membership__book=settings.PAYMENTS_BOOK, membership__end_reason=Membership.EndReason.CREATOR_GONE,
        ends_at__gt=F("membership__ended_at"),
    )  # fmt: skip
    disputes = Dispute.objects.filter(order=OuterRef("order"))
    asked = Refund.objects.filter(order=OuterRef("order"), cause=Refund.Cause.MONTH)
    return ended.filter(Exists(disputes), ~Exists(disputes.refusing_refunds()), ~Exists(asked))


@transaction.atomic
def give_what_waited(pk: int) -> bool:
    """By the days that were to come when it ended. False where nothing of it waits any more."""
    order = Order.objects.hold(pk=MembershipMonth.objects.values_list("order_id", flat=True).get(pk=pk))
    if order is None or order.membership_id is None or not what_waited().filter(pk=pk).exists():
        return False
    held = Membership.objects.hold_all([order.membership_id])[order.membership_id]
    assert held.ended_at is not None
    taking_back.give_rest_back(held, {order.pk: order}, held.ended_at)
    return True


@transaction.atomic
def announce(creator: Creator | None, ends_at: datetime, *, by: Any) -> MembershipClosing:
    """A creator ends her membership for everybody, in time; each member is told. Raises NotAllowed, NoMembership,
    NoticeTooShort.
    """
    closing = MembershipClosing.objects.announce(creator, ends_at, by=by)
    mine = Membership.objects.running().filter(offer__in=MembershipOffer.objects.of(creator).values("pk"))
    for membership in mine.select_related("offer", "member").order_by("pk").iterator(500):
        mails.closing(membership, closing.ends_at)
    return closing


def _end(held: Membership, reason: str, now: datetime) -> bool:
    if not held.end(reason, now):
        return False
    mails.ended(held)
    return True
