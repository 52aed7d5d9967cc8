"""What an order's item is when it is placed: one course, or one month of a membership, at what it was priced at."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

if TYPE_CHECKING:
    from ..pricing import Priced
    from .order import Order

TITLE = 120


def values_of(order: "Order", priced: "Priced") -> dict[str, Any]:
    course, line, quoted, offer = priced
    return {
        "order": order, "buyer_id": order.buyer_id, "course": course, "creator_id": line.creator_id,
        "course_title": order.membership.offer.name if order.membership else _title(course.title, order),
        "is_tip": line.is_tip,
        "discount_bearer": line.bearer, "tax_bps": line.tax_bps,
        "affiliate_id": line.affiliate_id, "referral_code": line.referral_code, "rule_id": line.rule_id,
        "promoter_sales": line.promoter_sales,
        "bundle_price_id": line.bundle_price_id, "bundle_title": offer.bundle.title if offer else "",
        "follows": order.is_later_part, **quoted.amounts(),
    }  # fmt: skip


def _title(title: str, order: "Order") -> str:
    """Of a part it says which: in every language, on the invoice, in mails and on the creator's sale."""
    if order.plan is None:
        return title
    mark = f" ({order.parts_text}/{order.plan.months})"
    return title[: TITLE - len(mark)] + mark


def title_of(title: str, is_tip: bool, is_month: bool = False) -> str:
    if is_month:
        return gettext("A month of “%(title)s”") % {"title": title}
    return gettext("Tip for “%(title)s”") % {"title": title} if is_tip else title
