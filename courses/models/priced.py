"""What a course is asked for: nothing, a price, or a least price from which buyers choose (decision 87)."""

from django.db import models

from marketplace.lib.money import CURRENCIES, Money, currency_choices


class Priced(models.Model):
    """`price` is what is asked, None until it is set. With `suggested_minor` buyers say what they pay: the price is the
    least, this is what pages propose.
    """

    price_minor = models.PositiveBigIntegerField(null=True, blank=True)
    suggested_minor = models.PositiveBigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, choices=currency_choices(), default="USD")
    # Prices of several currencies in one order: thousandths of the currency's payout minimum, not an exchange rate.
    price_rank = models.PositiveBigIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def price(self) -> Money | None:
        """None until it is set; zero when the course is free."""
        return None if self.price_minor is None else Money(self.price_minor, self.currency)

    @property
    def suggested(self) -> Money | None:
        """None where everybody pays the price."""
        return None if self.suggested_minor is None else Money(self.suggested_minor, self.currency)

    @property
    def most(self) -> Money:
        """The most that a buyer may choose to pay."""
        return Money(CURRENCIES[self.currency].max_charge, self.currency)

    @property
    def is_free(self) -> bool:
        return self.price_minor == 0
