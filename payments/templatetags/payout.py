"""What a creator's pages ask about where her money goes."""

from django import template

from creators.models import Creator
from payments import bank_accounts
from payments.models import BankDetails, PayoutAccount

register = template.Library()


@register.simple_tag
def paid_by_bank(creator: Creator, account: PayoutAccount | None) -> bool:
    """Whether she says to us, and not to the payment provider, where her money goes. `account`: hers, or none."""
    return bank_accounts.pays_to(creator, account)


@register.simple_tag
def currencies_by_bank(creator: Creator) -> str:
    """The currencies of her money that leave by bank order alone, as she reads them; empty for none."""
    return ", ".join(bank_accounts.currencies_of(creator))


@register.simple_tag
def bank_details_wait(account: PayoutAccount | None) -> bool:
    """Whether she gave bank details that nobody has decided on."""
    return BankDetails.objects.wait_for(account)
