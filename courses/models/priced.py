"""What a course asks: one price, or a least one from which buyers name their own."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from accounts.models import User
from courses.pricing import must_be_chargeable, must_be_suggestible
from marketplace.lib import window
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import CURRENCIES, Money, currency_choices

if TYPE_CHECKING:
    from .price_change import PriceChange


class Priced(models.Model):
    """`price` is what is asked; where buyers name their price it is the least, and `suggested` is set."""

    price_minor = models.PositiveBigIntegerField(null=True, blank=True)
    suggested_minor = models.PositiveBigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, choices=currency_choices(), default="USD")
    # Prices of several currencies in one order: thousandths of the currency's payout minimum, not an exchange rate.
    price_rank = models.PositiveBigIntegerField(default=0)

    # Of the course.
    price_changes: Any
    belongs_to: Callable[[Any], bool]
    hold: Callable[[], Any]

    class Meta:
        abstract = True

    @property
    def price(self) -> Money | None:
        """None until it is set; zero when the course is free."""
        return None if self.price_minor is None else Money(self.price_minor, self.currency)

    @property
    def suggested(self) -> Money | None:
        """What the creator suggests to buyers who name their price; None where the price is fixed."""
        return None if self.suggested_minor is None else Money(self.suggested_minor, self.currency)

    @property
    def is_price_named(self) -> bool:
        """Whether buyers name it, from `price` on."""
        return self.suggested_minor is not None

    @property
    def is_free(self) -> bool:
        return self.price_minor == 0

    @transaction.atomic
    def set_price(self, money: Money, by: User, suggested: Money | None = None) -> "PriceChange | None":
        """Zero, or what the provider can charge; with `suggested`, the least that buyers may name. What stands so
        already does nothing. Raises PriceOutOfBounds, SuggestionOutOfBounds, NotAllowed.
        """
        if not self.belongs_to(by):
            raise NotAllowed
        must_be_chargeable(money)
        if suggested is not None:
            must_be_suggestible(suggested, money)
        held = self.hold()
        if (held.price, held.suggested) == (money, suggested):
            return None
        self.price_minor, self.currency = money.minor, money.currency
        self.suggested_minor = None if suggested is None else suggested.minor
        self.price_rank = money.minor * 1000 // CURRENCIES[money.currency].payout_minimum
        self.save(update_fields=["price_minor", "suggested_minor", "currency", "price_rank"])
        window.change()
        return self.price_changes.create(
            price_minor=money.minor, suggested_minor=self.suggested_minor, currency=money.currency, changed_by=by
        )  # fmt: skip
