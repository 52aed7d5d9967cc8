"""What a creator is told of her year: that a report is there, and that her tax number is missing."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from creators.models import Creator
from marketplace.lib import links


def issued(creator: Creator, year: int, currencies: list[str], key: str) -> None:
    """`key` names the versions of which she is told, so that she is told once of each."""
    context = {
        "year": year, "currencies": ", ".join(currencies),
        "action_url": links.absolute(reverse("payments:my_years")), "action_label": _("See your yearly reports"),
    }  # fmt: skip
    notices.tell(f"year-issued:{creator.pk}:{key}", creator.user, "payments/year_issued", context)


def number_missing(creator: Creator, year: int, round_id: int) -> None:
    context = {
        "year": year, "action_url": links.absolute(reverse("payments:tax_identity")),
        "action_label": _("Give your tax details"),
    }  # fmt: skip
    notices.tell(f"tax-number:{round_id}:{creator.pk}", creator.user, "payments/tax_number_missing", context)


def changed(creator: Creator, on: date, identity_id: int) -> None:
    """Nobody changes what goes to a tax office unseen."""
    context = {
        "day": on, "action_url": links.absolute(reverse("payments:tax_identity")),
        "action_label": _("See your tax details"),
    }  # fmt: skip
    notices.tell(f"tax-identity:{identity_id}", creator.user, "payments/tax_identity_given", context)
