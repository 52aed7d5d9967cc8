"""What a coupon says it takes off: by its kind, in which currency, and what of one order at most."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.lib.money import CURRENCIES, Money, about

from ..discounts import WHOLE
from .revenue_rule import percent_text


class CouponTerms(models.Model):
    """The terms of one coupon; they never change."""

    class Kind(models.TextChoices):
        PERCENT = "percent", _("Percent off")
        AMOUNT = "amount", _("Amount off")
        FIXED_PRICE = "fixed_price", _("Fixed price")
        FREE = "free", _("Free")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    value = models.PositiveBigIntegerField(default=0)
    # "" for one that holds in every currency.
    currency = models.CharField(max_length=3, blank=True, default="")
    min_amount_minor = models.PositiveBigIntegerField(default=0)
    min_courses = models.PositiveSmallIntegerField(default=1)
    # What one order may cost the platform at most. Nothing for a creator's own, nor where the value is an amount.
    most_minor = models.PositiveBigIntegerField(default=0, db_default=0)
    most_currency = models.CharField(max_length=3, blank=True, default="", db_default="")

    class Meta:
        abstract = True

    @property
    def amount(self) -> Money | None:
        """The value as money, where it is money."""
        has_amount = self.kind in (self.Kind.AMOUNT, self.Kind.FIXED_PRICE)
        return Money(self.value, self.currency) if has_amount else None

    @property
    def minimum(self) -> Money | None:
        return Money(self.min_amount_minor, self.currency) if self.min_amount_minor else None

    @property
    def most(self) -> Money | None:
        """What it takes off one order at most, where it says so."""
        if self.most_minor:
            return Money(self.most_minor, self.most_currency)
        return self.amount if self.kind == self.Kind.AMOUNT else None

    def most_in(self, currency: str) -> Money | None:
        """The same for an order in `currency`: in another than its own about as much."""
        return about(self.most, currency) if self.most else None

    @property
    def words(self) -> str:
        """What it does, for people: "25% off", "$5.00 off", "$9.00 a course", "Free, at most $100.00 off an order"."""
        if self.most_minor:
            most = Money(self.most_minor, self.most_currency).format()
            return _("%(what)s, at most %(most)s off an order") % {"what": self._what, "most": most}
        return self._what

    @property
    def _what(self) -> str:
        if self.kind == self.Kind.PERCENT:
            return _("%(percent)s%% off") % {"percent": percent_text(self.value)}
        if self.amount is None:
            return str(self.get_kind_display())
        phrase = _("%(amount)s off") if self.kind == self.Kind.AMOUNT else _("%(amount)s a course")
        return phrase % {"amount": self.amount.format()}

    def wrong_value(self) -> Any:
        """The sentence of a value that nobody could use; "" for a good one."""
        if self.kind == self.Kind.PERCENT:
            return "" if 0 < self.value < WHOLE else _("More than 0 and less than 100 percent.")
        if self.kind == self.Kind.FREE:
            return "" if self.value == 0 else _("Nothing is to be paid, so there is no amount.")
        if self.currency not in CURRENCIES:
            return _("Choose the currency of the amount.")
        limits = CURRENCIES[self.currency]
        least = limits.min_charge if self.kind == self.Kind.FIXED_PRICE else limits.charge_multiple
        if not least <= self.value <= limits.max_charge or self.value % limits.charge_multiple:
            return _("From %(least)s to %(most)s.") % {
                "least": Money(least, self.currency).format(), "most": Money(limits.max_charge, self.currency).format(),
            }  # fmt: skip
        return ""

    def wrong_most(self, *, is_platform: bool) -> Any:
        """The sentence of a limit that is lacking, or not the maker's to say; "" for a good one."""
        if not is_platform or self.kind == self.Kind.AMOUNT:
            return _("This coupon has no such limit: leave it out.") if self.most_minor or self.most_currency else ""
        if not self.most_minor or self.most_currency not in CURRENCIES:
            return _("Say what it takes off one order at most, and in which currency.")
        if self.currency and self.currency != self.most_currency:
            return _("Write all amounts in one currency.")
        return ""
