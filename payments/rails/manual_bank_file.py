"""Orders that a person brings to the bank in a file. What became of one is never guessed: a second person reads it.

A file is made of a run's approved payouts (`bank_orders`); from then on each is `submitting`, as the bank may carry it
out.
"""

from ..gateway import GatewayRefused
from ..models import AccountKind, BankAnswer, Payout
from .rail import Sent, WaitsForPerson


class ManualBankFile:
    leaves_from = AccountKind.BANK

    def find(self, payout: Payout) -> Sent | None:
        """What the second person wrote down of it. Raises GatewayRefused when the bank did not carry it out."""
        answer = BankAnswer.objects.filter(order__payout=payout).first()
        if answer is None:
            raise WaitsForPerson
        if not answer.executed:
            raise GatewayRefused(provider_code="bank_refused", said=answer.reason)
        return Sent(f"bank_{payout.token}", payout.amount)

    def send(self, payout: Payout, key: str) -> Sent:
        raise WaitsForPerson
