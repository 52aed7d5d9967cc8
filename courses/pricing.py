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
