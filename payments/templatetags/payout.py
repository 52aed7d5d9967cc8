"""What a creator's pages ask about where her money goes."""

from django import template

from creators.models import Creator
from payments import bank_accounts

register = template.Library()


@register.simple_tag
def paid_by_bank(creator: Creator) -> bool:
    """Whether she gives bank details to us, and not to the payment provider."""
    return bank_accounts.may_give(creator)
