"""Disputes in figures, for the head of finance's page."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from marketplace.lib.money import Money

from ..models import Dispute


@dataclass(frozen=True)
class Figures:
    """How many wait for us, how many are open, and what banks hold of ours, an amount a currency."""

    due: int
    open: int
    held: list[Money]


def figures() -> Figures:
    ours = Dispute.objects.filter(book=settings.PAYMENTS_BOOK)
    kept = F("withdrawn_minor") - F("returned_minor") - F("lost_minor") - F("rate_minor")
    currency = Coalesce(NullIf("settled_currency", Value("")), "currency")
    sums = ours.open().values_list(currency).annotate(total=Sum(kept)).order_by(currency)
    held = [Money(int(total), currency) for currency, total in sums if total]
    return Figures(ours.awaiting_answer().count(), ours.open().count(), held)
