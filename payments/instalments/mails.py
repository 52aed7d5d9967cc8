"""What a buyer is told of her plan: a part that did not come, her right paused, a plan that ended. Each once."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import notices
from marketplace.lib import links

from ..models import InstalmentPlan, Order


def failed(plan: InstalmentPlan, order: Order) -> None:
    """A try failed: when the next one is, or that the right is paused."""
    template = "payments/instalment_paused" if plan.is_paused else "payments/instalment_failed"
    notices.tell(f"instalment-failed:{order.number}", plan.buyer, template, {**_of(plan), "order": order})


def ended(plan: InstalmentPlan) -> None:
    """The course is gone: nothing more is to be paid."""
    notices.tell(f"instalments-ended:{plan.token}", plan.buyer, "payments/instalments_ended", _of(plan))


def _of(plan: InstalmentPlan) -> dict[str, Any]:
    return {
        "plan": plan, "course": plan.course, "action_url": links.absolute(plan.get_absolute_url()),
        "action_label": _("Open your plan"),
    }  # fmt: skip
