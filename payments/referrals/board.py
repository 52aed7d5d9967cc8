"""Who promotes a creator's courses, with what came of it: sales, what buyers paid, what each promoter got of it."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Q, Sum

from creators.models import Creator
from marketplace.lib.money import Money

from ..models import ItemShare, RefundShare, ShareKind

SHOWN = 50


@dataclass
class PromoterRow:
    """One promoter. Money by currency: `sold` as the buyers paid it, `earned` less what refunds took back since."""

    promoter: Creator
    sales: int = 0
    sold: dict[str, Money] = field(default_factory=dict)
    earned: dict[str, Money] = field(default_factory=dict)


def rows(creator: Creator) -> list[PromoterRow]:
    """Whoever has a part of a sale of hers, most sales first; a price in parts is one. In three queries."""
    shares = ItemShare.objects.filter(
        kind=ShareKind.AFFILIATE, item__creator=creator, item__order__paid_at__isnull=False,
        item__order__book=settings.PAYMENTS_BOOK,
    ).order_by()  # fmt: skip
    found: dict[int, PromoterRow] = {}
    sums = shares.values_list("owner_id", "item__order__currency").annotate(
        sales=Count("id", filter=Q(item__order__part__lt=2)), sold=Sum("item__price_minor"), earned=Sum("amount_minor")
    )
    told = [(owner, currency, count, int(sold), int(earned)) for owner, currency, count, sold, earned in sums]
    promoters = Creator.objects.in_bulk({owner for owner, *_sums in told})
    for owner, currency, count, sold, earned in told:
        row = found.setdefault(owner, PromoterRow(promoters[owner]))
        row.sales += count
        row.sold[currency], row.earned[currency] = Money(sold, currency), Money(earned, currency)
    taken = RefundShare.objects.filter(share__in=shares, line__failed_at=None).order_by()
    for owner, currency, minor in taken.values_list("owner_id", "share__item__order__currency").annotate(
        Sum("amount_minor")
    ):
        found[owner].earned[currency] -= Money(int(minor), currency)
    return sorted(found.values(), key=lambda row: (-row.sales, row.promoter.name))[:SHOWN]
