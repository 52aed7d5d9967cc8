"""What is written to people when money is given back: to the buyer, and to each who gives a part of it. Each once."""

from django.db.models import Sum

from accounts import notices
from creators.models import Creator
from marketplace.lib.money import Money

from .mail_buttons import papers, to_earnings, to_order
from .models import Refund, RefundShare


def refunded(refund: Refund) -> None:
    """The provider has given it back: to the buyer how much, to creators and promoters what their part of it was."""
    lines = list(refund.lines.select_related("item__order", "item__course").order_by("item__course_id"))
    context = {"refund": refund, "order": refund.order, "lines": lines}
    notices.tell(
        f"refund:{refund.pk}",
        refund.order.buyer,
        "payments/refunded",
        {**context, **to_order(refund.order), **papers(refund.order)},
    )
    for owner, part in _owners(refund):
        told = {**context, "part": part, "reading": getattr(refund, "reading", None)}
        key = f"refund-notice:{refund.pk}:{owner.pk}"
        notices.tell(key, owner.user, "payments/refund_notice", {**told, **to_earnings()})


def failed(refund: Refund) -> None:
    """To the buyer who took it back herself: it did not go through, and she has her course again."""
    context = {"refund": refund, "order": refund.order, **to_order(refund.order)}
    notices.tell(f"refund-failed:{refund.pk}", refund.order.buyer, "payments/refund_failed", context)


def came_back(refund: Refund) -> None:
    """To the buyer: her bank did not take it, and we pay her another way."""
    context = {"refund": refund, "order": refund.order, **to_order(refund.order)}
    notices.tell(f"refund-came-back:{refund.pk}", refund.order.buyer, "payments/refund_came_back", context)


def _owners(refund: Refund) -> list[tuple[Creator, Money]]:
    given = RefundShare.objects.filter(line__refund=refund, owner__isnull=False).order_by()
    parts = dict(given.values_list("owner").annotate(total=Sum("amount_minor")))
    owners = Creator.objects.filter(pk__in=parts).select_related("user").order_by("pk")
    return [(owner, Money(int(parts[owner.pk]), refund.order.currency)) for owner in owners]
