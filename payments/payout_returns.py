"""Transfers as the provider tells of them: one that came back is booked and shown to finance; one found early is taken.

The event only names the transfer; what is true of it is fetched anew, so an event that comes twice changes nothing.
"""

from django.db import transaction

from marketplace.lib import clock

from . import ledger, payout_mails
from .gateway import gateway
from .models import AccountKind, AccountRef, EntryKind, Payout
from .provider_shapes import Transfer


def take_transfer(transfer_id: str) -> str:
    """The effect of an event on a transfer. Answers with what was done, in a word or two."""
    transfer = gateway().retrieve_transfer(transfer_id)
    payout = Payout.objects.named(transfer.transfer_group)
    if payout is None:
        return "no payout of ours"
    return _take(payout.pk, transfer)


@transaction.atomic
def _take(pk: int, transfer: Transfer) -> str:
    payout = Payout.objects.lock(pk)
    if payout is None:
        return "no payout of ours"
    if payout.state == Payout.State.SUBMITTING:
        # The outcome was unknown to us. The worker adopts the transfer by the usual way, now and not in an hour.
        payout.become_due()
        return "looked up"
    if payout.state != Payout.State.SENT:
        return _flag(payout, f"{payout.state} here, but the provider sent {transfer.amount} as {transfer.id}")
    if payout.transfer_id != transfer.id:
        return _flag(payout, f"sent as {payout.transfer_id}, and again as {transfer.id}")
    if transfer.amount != payout.amount:
        return _flag(payout, f"{payout.amount} here, but the provider sent {transfer.amount} as {transfer.id}")
    new = payout.note_returned(transfer.amount_reversed)
    if new.minor <= 0:
        return "sent"
    lines = [
        (AccountRef(AccountKind.STRIPE_CLEARING), new),
        (AccountRef(AccountKind.CREATOR_AVAILABLE, payout.creator_id), -new),
    ]
    ledger.post(
        payout.ledger_key(f"returned:{payout.returned_minor}"), EntryKind.PAYOUT_RETURNED, lines, book=payout.book,
        meta={"payout": payout.pk, "transfer": transfer.id}, occurred_at=clock.now(),
    )  # fmt: skip
    return _flag(payout, f"{new} of {transfer.id} came back; it is on the creator's balance again")


def _flag(payout: Payout, reason: str) -> str:
    if payout.flag(reason, at=clock.now()):
        payout_mails.flagged(payout)
    return "flagged"
