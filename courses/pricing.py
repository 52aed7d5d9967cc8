"""Which prices a course may have: zero, or what the provider can charge in that currency; and what may be suggested."""

from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError
from marketplace.lib.money import CURRENCIES, Money


class PriceOutOfBounds(DomainError):
    code = "price_out_of_bounds"
    status = 400
    message = _("This price cannot be charged.")
    field = "amount"


class SuggestionOutOfBounds(PriceOutOfBounds):
    code = "suggestion_out_of_bounds"
    message = _("A suggested price goes with a least price that is more than nothing, in the same currency.")
    field = "suggested"


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


def must_be_suggestible(suggested: Money, least: Money) -> None:
    """Raises SuggestionOutOfBounds unless buyers who name their price from `least` on can pay `suggested`."""
    if not least or suggested.currency != least.currency:
        raise SuggestionOutOfBounds
    if suggested < least:
        raise SuggestionOutOfBounds(_("Suggest no less than the least price, %(least)s.") % {"least": least.format()})
    try:
        must_be_chargeable(suggested)
    except PriceOutOfBounds as refusal:
        raise SuggestionOutOfBounds(refusal.message) from None
