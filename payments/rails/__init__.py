from ..models import Payout, RailCode
from .manual_bank_file import ManualBankFile
from .rail import Rail, Sent, WaitsForPerson, WrongTransfer
from .stripe_transfer import StripeTransfer

__all__ = ["Rail", "Sent", "WaitsForPerson", "WrongTransfer", "rail_of"]

RAILS: dict[str, Rail] = {
    RailCode.STRIPE_TRANSFER: StripeTransfer(),
    RailCode.MANUAL_BANK_FILE: ManualBankFile(),
}


def rail_of(payout: Payout) -> Rail:
    """The way out that the payout was begun on."""
    return RAILS[payout.rail]
