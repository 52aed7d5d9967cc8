"""Bringing one payout to the provider: at most one transfer a payout, whatever fails and however often it is tried.

The call is made outside every transaction, after `submitting` is committed. Success posts `sent`, a definitive refusal
posts `void`; any other outcome is unknown and changes nothing: before the next try the provider is asked what it has.
"""

from marketplace.lib import clock, failpoints
from marketplace.lib.money import Money

from . import ledger, payout_mails
from .gateway import GatewayRefused, GatewayUnknown, gateway
from .models import AccountKind, AccountRef, EntryKind, LedgerEntry, Payout, PayoutItem
from .provider_shapes import Transfer


class WrongTransfer(Exception):
    """The provider has a transfer of this payout that is not of its amount: a person must look."""


def submit(payout: Payout) -> None:
    """Send a claimed payout, or find out what became of the last try. On an unknown outcome it waits."""
    may_have_been_asked = payout.state == Payout.State.SUBMITTING
    with payout.fenced() as row:
        row.begin_submitting(clock.now())
    failpoints.reach("payout.submitting")
    try:
        transfer = _found(payout) if may_have_been_asked else None
        if transfer is None:
            transfer = _ask(payout)
    except GatewayUnknown as error:
        payout.retry_later(f"unknown: {error.provider_code or error}", payout.pause())
        return
    except GatewayRefused as error:
        _void(payout, error)
        return
    except WrongTransfer as error:
        payout.bury(error)
        return
    failpoints.reach("payout.after_call")
    _settle(payout, transfer)
    failpoints.reach("payout.after_sent_commit")


def _found(payout: Payout) -> Transfer | None:
    """The transfer that an earlier try made after all. Raises WrongTransfer."""
    try:
        transfers = gateway().find_transfers(payout.transfer_group)
    except GatewayRefused as error:
        # A refused question says nothing about the transfer.
        raise GatewayUnknown(provider_code=error.provider_code) from error
    if not transfers:
        return None
    if len(transfers) > 1 or transfers[0].amount != payout.amount:
        raise WrongTransfer(", ".join(f"{found.id}: {found.amount}" for found in transfers))
    return transfers[0]


def _ask(payout: Payout) -> Transfer:
    with payout.fenced() as row:
        now = clock.now()
        if row.key_has_aged(now):
            row.take_new_key(now)
        key = row.provider_key
    failpoints.reach("payout.before_call")
    metadata = {"payout": str(payout.pk), "creator": str(payout.creator_id), "book": payout.book}
    return gateway().create_transfer(payout.amount, payout.destination, payout.transfer_group, key, metadata)


def _settle(payout: Payout, transfer: Transfer) -> None:
    now = clock.now()
    with payout.fenced() as row:
        row.mark_sent(transfer.id, at=now)
        lines = [
            (AccountRef(AccountKind.PAYOUT_IN_TRANSIT, row.creator_id), row.amount),
            (AccountRef(AccountKind.STRIPE_CLEARING), Money(-row.amount_minor, row.currency)),
        ]
        meta = {"payout": row.pk, "transfer": transfer.id}
        key = row.ledger_key("sent")
        ledger.post(key, EntryKind.PAYOUT_SENT, lines, book=row.book, meta=meta, occurred_at=now)
        payout_mails.sent(row)
        failpoints.reach("payout.before_sent_commit")
        row.finish()


def _void(payout: Payout, error: GatewayRefused) -> None:
    now = clock.now()
    with payout.fenced() as row:
        row.mark_void(error.provider_code, str(error.facts.get("said") or error), at=now)
        PayoutItem.objects.free(row)
        held = LedgerEntry.objects.get(idem_key=row.ledger_key("hold"))
        ledger.reverse(held, row.ledger_key("void"), EntryKind.PAYOUT_VOID, occurred_at=now)
        payout_mails.failed(row)
        row.finish()
