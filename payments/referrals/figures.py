"""What links brought: clicks, sales, and what their owner earned. In a constant number of queries. A price in parts is
one sale, of its first part.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, Sum
from django.urls import reverse

from creators.models import Creator
from marketplace.lib import links
from marketplace.lib.money import Money

from ..models import ItemShare, OrderItem, Referral, RefundShare


@dataclass
class LinkRow:
    """One link. Money by currency, as it stands now: what was given back since is taken off `earned`."""

    referral: Referral
    sales: int = 0
    sold: dict[str, Money] = field(default_factory=dict)
    earned: dict[str, Money] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return links.absolute(reverse("payments:follow_referral", args=[self.referral.code]))


def rows(owner: Creator) -> list[LinkRow]:
    """All links of `owner`, the newest first, the ended ones last."""
    mine = Referral.objects.of(owner).with_clicks().select_related("course")
    found = {link.code: LinkRow(link) for link in mine.order_by("-id")}
    items = OrderItem.objects.paid().filter(referral_code__in=list(found)).order_by()
    sold = items.values_list("referral_code", "order__currency").annotate(
        sales=Count("id", filter=Q(order__part__lt=2)), minor=Sum("price_minor")
    )
    for code, currency, count, minor in sold:
        found[code].sales += count
        found[code].sold[currency] = Money(int(minor), currency)
    for code, currency, minor in _earned(owner, found):
        so_far = found[code].earned.get(currency, Money.zero(currency))
        found[code].earned[currency] = so_far + Money(minor, currency)
    return sorted(found.values(), key=lambda row: row.referral.ended_at is not None)


def _earned(owner: Creator, codes: Iterable[str]) -> list[tuple[str, str, int]]:
    """(code, currency, amount): the owner's shares, and what refunds that did not fail took of them."""
    shares = ItemShare.objects.filter(
        owner=owner, item__referral_code__in=list(codes), item__order__paid_at__isnull=False
    ).order_by()
    of_share = shares.values_list("item__referral_code", "item__order__currency").annotate(Sum("amount_minor"))
    taken = RefundShare.objects.filter(Q(share__in=shares), line__failed_at=None).order_by()
    of_taken = taken.values_list("share__item__referral_code", "share__item__order__currency").annotate(
        Sum("amount_minor")
    )
    given = [(code, currency, int(minor)) for code, currency, minor in of_share]
    return given + [(code, currency, -int(minor)) for code, currency, minor in of_taken]


def totals(found: list[LinkRow]) -> list[Money]:
    """What all links earned, by currency."""
    currencies = sorted({currency for row in found for currency in row.earned})
    return [
        Money.total((row.earned[currency] for row in found if currency in row.earned), currency)
        for currency in currencies
    ]
