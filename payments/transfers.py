"""Bringing one payout to where it goes: sent at most once, whatever fails and however often it is tried.

The rail is asked outside every transaction, after `submitting` is committed. Success posts `sent`, a definitive refusal
posts `void`; any other outcome is unknown and changes nothing: before the next try the rail is asked what it has.
A stop or a hold that is placed after the run began still holds back whatever was not asked for yet.
"""

from datetime import timedelta

from marketplace.lib import clock, failpoints
from marketplace.lib.money import Money

from . import ledger, payout_mails
from .gateway import GatewayRefused, GatewayUnknown
from .models import AccountKind, AccountRef, EntryKind, LedgerEntry, Payout, PayoutHold, PayoutItem, PayoutStop
from .models.under_key import NotSettled
from .rails import Sent, WaitsForPerson, WrongTransfer, rail_of

# How soon a payout that is held back is looked at again, should lifting the stop not have rung for it.
HELD_BACK_FOR = timedelta(minutes=10)
# The same for an answer of the bank that a person writes down.
LOOKED_FOR_EVERY = timedelta(days=1)


class HeldBack(Exception):
    """A stop or a hold forbids to ask for it now."""


def submit(payout: Payout) -> None:
    """Send a claimed payout, or find out what became of the last try. On an unknown outcome it waits."""
    may_have_been_asked = payout.state == Payout.State.SUBMITTING
    rail = rail_of(payout)
    try:
        _begin(payout, may_have_been_asked)
        sent = rail.find(payout) if may_have_been_asked else None
        if sent is None:
            sent = rail.send(payout, _key(payout))
    except HeldBack:
        payout.wait_until_due(HELD_BACK_FOR)
        return
    except NotSettled as not_yet:
        payout.wait_until_due(not_yet.wait)
        return
    except WaitsForPerson:
        payout.wait_until_due(LOOKED_FOR_EVERY)
        return
    except GatewayUnknown as error:
        payout.retry_later(f"unknown: {error.provider_code or error}", payout.pause())
        return
    except GatewayRefused as error:
        _void(payout, error)
        return
    except WrongTransfer as error:
        _show(payout, error)
        return
    failpoints.reach("payout.after_call")
    _settle(payout, sent)
    failpoints.reach("payout.after_sent_commit")


def is_held_back(payout: Payout) -> bool:
    """Whether nothing may be asked for it at this moment."""
    held = PayoutHold.objects.open().filter(creator=payout.creator_id).exists()
    return held or PayoutStop.objects.stops(payout.currency)


def withdraw_unasked(row: Payout, reason: str) -> None:
    """Undo a payout that nobody was asked to send; the caller holds its row and has seen that."""
    _take_back(row, "withdrawn", reason)
    row.close()


def _begin(payout: Payout, may_have_been_asked: bool) -> None:
    with payout.fenced() as row:
        # What may have been asked for is looked up in any case: a stop does not undo what was sent.
        if not may_have_been_asked and is_held_back(row):
            raise HeldBack
        row.begin_submitting(clock.now())
    failpoints.reach("payout.submitting")


def _key(payout: Payout) -> str:
    """The key of the try that comes now: the last thing before the call, so the stop is asked once more here."""
    with payout.fenced() as row:
        if is_held_back(row):
            raise HeldBack
        row.ask_now(clock.now())
        key = row.provider_key
    failpoints.reach("payout.before_call")
    return key


def _settle(payout: Payout, sent: Sent) -> None:
    now = clock.now()
    with payout.fenced() as row:
        row.mark_sent(sent.reference, at=now)
        lines = [
            (AccountRef(AccountKind.PAYOUT_IN_TRANSIT, row.creator_id), row.amount),
            (AccountRef(rail_of(row).leaves_from), Money(-row.amount_minor, row.currency)),
        ]
        meta = {"payout": row.pk, "transfer": sent.reference}
        key = row.ledger_key("sent")
        ledger.post(key, EntryKind.PAYOUT_SENT, lines, book=row.book, meta=meta, occurred_at=now)
        payout_mails.sent(row)
        failpoints.reach("payout.before_sent_commit")
        row.finish()


def _show(payout: Payout, error: WrongTransfer) -> None:
    """What the other side has is not this payout: it stays unknown here, and a person is told."""
    with payout.fenced() as row:
        if row.flag(f"the other side has not what was asked for: {error}", at=clock.now()):
            payout_mails.flagged(row)
    payout.bury(error)


def _void(payout: Payout, error: GatewayRefused) -> None:
    with payout.fenced() as row:
        _take_back(row, error.provider_code, str(error.facts.get("said") or error))
        payout_mails.failed(row)
        row.finish()


def _take_back(row: Payout, code: str, reason: str) -> None:
    now = clock.now()
    row.mark_void(code, reason, at=now)
    PayoutItem.objects.free(row)
    held = LedgerEntry.objects.get(idem_key=row.ledger_key("hold"))
    ledger.reverse(held, row.ledger_key("void"), EntryKind.PAYOUT_VOID, occurred_at=now)
