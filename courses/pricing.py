"""Which prices a course may have: zero, or what the provider can charge in that currency."""

from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError
from marketplace.lib.money import CURRENCIES, Money


class PriceOutOfBounds(DomainError):
    code = "price_out_of_bounds"
    status = 400
    message = _("This price cannot be charged.")


def must_be_chargeable(money: Money) -> None:
    """Raises PriceOutOfBounds unless `money` is zero or an amount that the provider takes in its currency."""
    limits = CURRENCIES[money.currency]
    if money.minor == 0:
        return
    if not limits.min_charge <= money.minor <= limits.max_charge:
        raise PriceOutOfBounds(
            _("A price is 0, or from %(least)s to %(most)s.")
            % {
                "least": Money(limits.min_charge, money.currency).format(),
                "most": Money(limits.max_charge, money.currency).format(),
            }
        )
    if money.minor % limits.charge_multiple:
        step = Money(limits.charge_multiple, money.currency).format()
        raise PriceOutOfBounds(_("Prices in this currency go in steps of %(step)s.") % {"step": step})


def must_be_suggestible(least: Money, suggested: Money) -> None:
    """Raises PriceOutOfBounds unless buyers may pay `suggested`, and `least` is something and no more than it."""
    must_be_chargeable(suggested)
    if not least.minor:
        raise PriceOutOfBounds(_("Where buyers choose, the least is more than nothing."))
    if suggested.currency != least.currency or suggested < least:
        raise PriceOutOfBounds(_("What you suggest is no less than the least."))
