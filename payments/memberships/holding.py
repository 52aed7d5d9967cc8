"""What is always true of memberships: a check of the books."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F

from learners.models import Enrollment
from marketplace.lib import clock

from ..give_back import Parts
from ..models import Membership, MembershipCharge, MembershipMonth, Order, OrderItem

LATE = timedelta(hours=1)


def breaks() -> Iterator[str]:
    """Each paid month has its order, at the shares that were frozen, and no two of a member overlap; courses are open
    exactly while a month is paid; nothing is asked of the provider for what has ended.
    """
    yield from _months()
    yield from _overlapping()
    yield from _open_otherwise()
    ended = MembershipCharge.objects.filter(order__membership__state=Membership.State.ENDED, state="paid")
    for charge in ended.filter(key_used_at__gt=F("order__membership__ended_at")).select_related("order"):
        if charge.order.refunded < charge.order.total:
            yield f"order {charge.order.number} was charged after its membership had ended, and kept"
    yield from _kept_for_nothing()


def _months() -> Iterator[str]:
    counted = OrderItem.objects.filter(granted_at__isnull=False, order__membership__isnull=False)
    rows = counted.select_related("order__membership", "order__paid_month").prefetch_related("shares").order_by("pk")
    seen = set()
    for item in rows.iterator(500):
        order, month = item.order, getattr(item.order, "paid_month", None)
        seen.add(order.pk)
        if month is None or (month.membership_id, month.number) != (order.membership_id, order.month):
            yield f"order {order.number} counts as month {order.month}, which no row says"
        agreed = order.membership.sale()
        shares = tuple(share.amount_minor for share in sorted(item.shares.all(), key=lambda share: share.pk))
        expected = Parts(agreed.tax.minor, 0, tuple(share.amount.minor for share in agreed.shares))
        if Parts(item.tax_minor, item.promotion_minor, shares) != expected:
            yield f"order {order.number} is shared otherwise than was agreed"
    for month in MembershipMonth.objects.exclude(order__in=seen).select_related("order"):
        yield f"month {month.number} of membership {month.membership_id}: order {month.order} is no sale of it"
    begun = Membership.objects.filter(started_at__isnull=False)
    for membership in begun.exclude(pk__in=MembershipMonth.objects.values("membership")):
        yield f"membership {membership.token} runs, and no month of it is paid"


def _kept_for_nothing() -> Iterator[str]:
    """A month that was paid and does not count, of which nothing goes back."""
    paid = OrderItem.objects.paid().filter(order__membership__isnull=False, granted_at=None)
    for item in paid.filter(refund_asked_minor__lt=F("price_minor")).select_related("order"):
        if not item.order.flagged_at:
            yield f"order {item.order.number} was paid, counts as no month, and does not go back"


def _overlapping() -> Iterator[str]:
    """Of one member and creator; what was given back does not count."""
    spans = defaultdict(list)
    kept = MembershipMonth.objects.exclude(order__state=Order.State.REFUNDED).select_related("membership")
    for month in kept.order_by("starts_at", "pk").iterator(500):
        one = month.membership
        ends = month.ends_at
        if one.ended_at and one.end_reason in (one.EndReason.REFUNDED, one.EndReason.CREATOR_GONE, "disputed"):
            ends = min(ends, one.ended_at)
        spans[one.member_id, one.creator_id, one.book].append((month.starts_at, ends, month))
    for mine in spans.values():
        for (_starts, ends, before), (starts, _ends, after) in zip(mine, mine[1:], strict=False):
            if starts < ends:
                yield f"month {after.pk} begins before month {before.pk} of the same member ends"


def _open_otherwise() -> Iterator[str]:
    """A membership is closed by beat: what is over for an hour is late."""
    paid = {one.reference for one in Membership.objects.running().filter(paused_at=None)}
    paid -= {one.reference for one in Membership.objects.lapsed(clock.now() - LATE)}
    opened = Enrollment.objects.watchable().filter(source=Enrollment.Source.MEMBERSHIP)
    for right in opened.only("reference", "course_id", "learner_id").iterator(500):
        if right.reference not in paid:
            yield f"course {right.course_id} is open to {right.learner_id} by a membership that is not paid"
    for right in Enrollment.objects.active().exclude(open_by="").only("open_by", "course_id", "learner_id"):
        if right.open_by not in paid:
            yield f"course {right.course_id} is open to {right.learner_id} meanwhile by a membership that is not paid"
    for membership in Membership.objects.running().filter(paused_at__isnull=False, paid_until__gt=clock.now()):
        yield f"membership {membership.token} is paid, and its courses are closed"
