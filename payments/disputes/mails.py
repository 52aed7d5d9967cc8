"""Who is told of a dispute: finance, which must answer in time; creators whose sale it is; a buyer who loses access."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts import notices
from accounts.models import User
from creators.models import Creator
from marketplace.lib import links

from ..mail_buttons import Button, to_earnings, to_order
from ..models import Dispute, ItemShare

DUE_SOON = timedelta(days=3)


def tell(dispute: Dispute) -> None:
    """The dispute is in a new state. Each person is told once of each; of what waits for the bank, nobody is."""
    if dispute.outcome:
        _to_finance(dispute, "closed")
        _to_creators(dispute, "closed")
    elif dispute.is_answerable:
        _to_finance(dispute, "opened")
        _to_creators(dispute, "opened")


def access_ended(dispute: Dispute) -> None:
    """To the buyer, whose bank has decided for her."""
    buyer = dispute.order.buyer
    context = {"dispute": dispute, **to_order(dispute.order)}
    notices.tell(f"dispute:{dispute.pk}:access", buyer, "payments/dispute_access", context)


def remind() -> int:
    """Finance, of every dispute that is still to be answered within three days; once each. Returns how many."""
    near = list(Dispute.objects.due_within(DUE_SOON).select_related("order"))
    for dispute in near:
        _to_finance(dispute, "due")
    return len(near)


def _to_finance(dispute: Dispute, what: str) -> None:
    people = User.objects.filter(is_active=True, role_grants__role="finance", role_grants__revoked_at=None)
    for person in people.distinct().order_by("pk"):
        context = {"dispute": dispute, **_to_dispute(dispute)}
        key = f"dispute:{dispute.pk}:{what}:{dispute.state}:{person.pk}"
        notices.tell(key, person, f"payments/dispute_{what}", context)


def _to_creators(dispute: Dispute, what: str) -> None:
    owners = ItemShare.objects.owned().filter(item__order=dispute.order).values("owner")
    for creator in Creator.objects.filter(pk__in=owners).select_related("user").order_by("pk"):
        context = {"dispute": dispute, **to_earnings()}
        key = f"dispute:{dispute.pk}:{what}:{dispute.state}:creator:{creator.pk}"
        notices.tell(key, creator.user, "payments/dispute_of_sale", context)


def _to_dispute(dispute: Dispute) -> Button:
    return {"action_url": links.absolute(dispute.get_absolute_url()), "action_label": _("Open the dispute")}
