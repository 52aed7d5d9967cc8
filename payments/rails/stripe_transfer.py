"""The payment provider's transfers to creators' connected accounts."""

from ..gateway import GatewayRefused, GatewayUnknown, gateway
from ..models import AccountKind, Payout
from ..provider_shapes import Transfer
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
        if len(transfers) > 1:
            raise WrongTransfer(", ".join(map(_said, transfers)))
        return _sent(payout, transfers[0])

    def send(self, payout: Payout, key: str) -> Sent:
        metadata = {"payout": str(payout.pk), "creator": str(payout.creator_id), "book": payout.book}
        made = gateway().create_transfer(payout.amount, payout.destination, payout.transfer_group, key, metadata)
        return _sent(payout, made)


def _sent(payout: Payout, transfer: Transfer) -> Sent:
    """What was sent is believed when it is what was asked for: amount, currency, destination. Raises WrongTransfer."""
    if (transfer.amount, transfer.destination) != (payout.amount, payout.destination):
        raise WrongTransfer(_said(transfer))
    return Sent(transfer.id, transfer.amount)


def _said(transfer: Transfer) -> str:
    return f"{transfer.id} of {transfer.amount} to {transfer.destination}"
