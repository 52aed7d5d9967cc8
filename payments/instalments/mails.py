"""What a buyer is told of her plan: a part that did not come, her right paused, a plan that ended. Each once."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import notices
from marketplace.lib import links

from ..models import InstalmentPlan, Order, PlanPause


def failed(plan: InstalmentPlan, order: Order) -> None:
    """A try failed: when the next one is, or that the right is paused."""
    template = "payments/instalment_paused" if plan.is_paused else "payments/instalment_failed"
    notices.tell(f"instalment-failed:{order.number}", plan.buyer, template, {**_of(plan), "order": order})


def soon(plan: InstalmentPlan) -> None:
    """The next part is taken in some days: how much, when, and from what."""
    last = plan.orders.filter(paid_at__isnull=False, items__granted_at__isnull=False).order_by("-pk").first()
    told = {**_of(plan), "method": last.paid_words if last else ""}
    key = f"instalment-soon:{plan.token}:{plan.next_part}:{plan.next_at:%Y%m%d}"
    notices.tell(key, plan.buyer, "payments/instalment_soon", told)


def lapses(plan: InstalmentPlan, pause: PlanPause) -> None:
    """A pause ends soon, and the plan with it."""
    told = {**_of(plan), "day": pause.lapses_at}
    notices.tell(f"instalments-lapse-soon:{pause.pk}", plan.buyer, "payments/instalments_lapse_soon", told)


def lapsed(plan: InstalmentPlan) -> None:
    """A pause has lasted as long as it may: plan and access have ended."""
    notices.tell(f"instalments-lapsed:{plan.token}", plan.buyer, "payments/instalments_lapsed", _of(plan))


def ended(plan: InstalmentPlan) -> None:
    """The course is gone: nothing more is to be paid."""
    notices.tell(f"instalments-ended:{plan.token}", plan.buyer, "payments/instalments_ended", _of(plan))


def _of(plan: InstalmentPlan) -> dict[str, Any]:
    return {
        "plan": plan, "course": plan.course, "action_url": links.absolute(plan.get_absolute_url()),
        "action_label": _("Open your plan"),
    }  # fmt: skip
