"""A creator is told when a month of the pool was divided: what became hers, and of which courses. Once a division."""

from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from marketplace.lib import links

from ..models import PoolDivision, PoolPart
from . import few


def divided(division: PoolDivision, parts: list[PoolPart]) -> None:
    """To the owners of these parts, with `course`, `owner.user` and `claim` at hand. Of what was awarded to somebody
    else nothing is said, nor what a few members watched.
    """
    button = {"action_url": links.absolute(reverse("payments:pool")), "action_label": _("Open the pool")}
    theirs = [part for part in parts if not part.is_awarded]
    for owner, each in groupby(sorted(theirs, key=lambda part: (part.owner_id, part.pk)), key=lambda part: part.owner):
        told = few.told(list(each))
        context = {
            "month": division.month, "parts": told.parts, "others": told.others, "fewest": few.FEWEST,
            "waits": told.waits, "amount": told.amount, **button,
        }  # fmt: skip
        notices.tell(f"pool:{division.pk}:{owner.pk}", owner.user, "payments/pool_divided", context)
