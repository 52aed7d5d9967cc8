"""A creator is told when a month of the pool was divided: what became hers, and of which courses. Once a division."""

from collections.abc import Collection
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from marketplace.lib import links
from marketplace.lib.money import Money

from ..models import PoolDivision, PoolPart
from . import few


def divided(division: PoolDivision, parts: list[PoolPart], claimed: Collection[int]) -> None:
    """To the owners of these parts, with `course` and `owner.user` at hand. Of the `claimed` ones (their keys) nothing
    is hers yet. Nor do mails say what a few members watched.
    """
    button = {"action_url": links.absolute(reverse("payments:pool")), "action_label": _("Open the pool")}
    for owner, each in groupby(sorted(parts, key=lambda part: (part.owner_id, part.pk)), key=lambda part: part.owner):
        hers = list(each)
        told, others = few.apart(hers)
        context = {
            "month": division.month, "parts": told, "others": others, "fewest": few.FEWEST,
            "hold": any(part.pk in claimed for part in hers),
            "amount": Money.total((part.amount for part in hers), division.currency), **button,
        }  # fmt: skip
        notices.tell(f"pool:{division.pk}:{owner.pk}", owner.user, "payments/pool_divided", context)
