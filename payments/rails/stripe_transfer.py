"""The payment provider's transfers to creators' connected accounts."""

from ..gateway import GatewayRefused, GatewayUnknown, gateway
from ..models import AccountKind, Payout
from .rail import Sent, WrongTransfer


class StripeTransfer:
    leaves_from = AccountKind.STRIPE_CLEARING

    def find(self, payout: Payout) -> Sent | None:
        """Asked for by the transfer group, which is the payout's own."""
        try:
            transfers = gateway().find_transfers(payout.transfer_group)
        except GatewayRefused as error:
            # A refused question says nothing about the transfer.
            raise GatewayUnknown(provider_code=error.provider_code) from error
        if not transfers:
            return None
        if len(transfers) > 1 or transfers[0].amount != payout.amount:
            raise WrongTransfer(", ".join(f"{found.id}: {found.amount}" for found in transfers))
        return Sent(transfers[0].id, transfers[0].amount)

    def send(self, payout: Payout, key: str) -> Sent:
        metadata = {"payout": str(payout.pk), "creator": str(payout.creator_id), "book": payout.book}
        made = gateway().create_transfer(payout.amount, payout.destination, payout.transfer_group, key, metadata)
        return Sent(made.id, made.amount)
