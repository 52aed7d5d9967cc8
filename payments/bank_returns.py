"""A payout that counts as carried out by the bank, and is not: the bank sent it back, or the answer was a mistake.

What was written down stays. Somebody of finance notes what the bank says now, somebody else looks there too, and only
her yes books it: the money is at our bank again and on the creator's balance, and the next run pays it anew.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import clock, failpoints
from marketplace.lib.errors import DomainError, NotAllowed

from . import ledger, payout_mails
from .models import AccountKind, AccountRef, BankReturn, BankReturnVerdict, EntryKind, Payout, PayoutItem


class NothingToComeBack(DomainError):
    code = "nothing_to_come_back"
    message = _("Only a payout that the bank carried out can come back, and only once.")


class ReturnNoted(DomainError):
    code = "bank_return_noted"
    message = _("This has been noted already: it waits for a second person.")


class ReturnAnswered(DomainError):
    code = "bank_return_answered"
    message = _("Somebody has decided on this already.")


class OwnReturn(DomainError):
    code = "second_person_needed"
    status = 403
    message = _("Somebody else must look at the bank: you noted this, or the payout is yours.")


@transaction.atomic
def note(payout: Payout, *, by: User, **facts: Any) -> BankReturn:
    """Note that a payout came back, or never left: `kind`, the bank's `reference`, and a `reason` that she reads.

    Raises NotAllowed, OwnReturn, NothingToComeBack, ReturnNoted.
    """
    locked = _locked(payout, by)
    _must_be_sent(locked)
    if BankReturn.objects.of(locked).unanswered().exists():
        raise ReturnNoted
    back = BankReturn.objects.note(locked.bank_order, by=by, **facts)
    audit.record(by, "payouts.bank_return", locked, **facts)
    payout_mails.bank_return_noted(back)
    return back


@transaction.atomic
def confirm(back: BankReturn, *, by: User, reason: str = "") -> BankReturnVerdict:
    """A second person read the same at the bank: it is booked, and the creator is told.

    Raises NotAllowed, OwnReturn, ReturnAnswered, NothingToComeBack.
    """
    locked = _unanswered(back, by)
    _must_be_sent(locked)
    verdict = BankReturnVerdict.objects.note(back, by=by, confirms=True, reason=reason)
    audit.record(by, "payouts.confirm_bank_return", locked, amount=str(locked.amount), reason=reason)
    _book(locked, back)
    payout_mails.came_back(locked, back)
    failpoints.reach("bank_return.before_commit")
    return verdict


@transaction.atomic
def decline(back: BankReturn, *, by: User, reason: str) -> BankReturnVerdict:
    """A second person read otherwise at the bank: the payout stays paid.

    Raises NotAllowed, OwnReturn, ReturnAnswered.
    """
    locked = _unanswered(back, by)
    audit.record(by, "payouts.decline_bank_return", locked, reason=reason)
    return BankReturnVerdict.objects.note(back, by=by, confirms=False, reason=reason)


def _book(locked: Payout, back: BankReturn) -> None:
    locked.come_back(back.kind, back.reason)
    # Its sales are paid no longer: the next payout covers them.
    PayoutItem.objects.free(locked)
    lines = [
        (AccountRef(AccountKind.BANK), locked.amount),
        (AccountRef(AccountKind.CREATOR_AVAILABLE, locked.creator_id), -locked.amount),
    ]
    ledger.post(
        locked.ledger_key(f"returned:{locked.returned_minor}"), EntryKind.PAYOUT_RETURNED, lines, book=locked.book,
        meta={"payout": locked.pk, "bank_return": back.pk}, occurred_at=clock.now(),
    )  # fmt: skip


def _locked(payout: Payout, by: User) -> Payout:
    """The payout, locked, for somebody of finance whose own it is not."""
    if not by.has_role("finance"):
        raise NotAllowed
    locked = Payout.objects.select_related("creator").lock(payout.pk)
    assert locked is not None  # payouts are never deleted
    if locked.creator.user_id == by.pk:
        raise OwnReturn
    return locked


def _unanswered(back: BankReturn, by: User) -> Payout:
    locked = _locked(back.order.payout, by)
    if back.noted_by_id == by.pk:
        raise OwnReturn
    # Asked behind the lock: of two at once the second one comes too late.
    if BankReturnVerdict.objects.filter(back=back).exists():
        raise ReturnAnswered
    return locked


def _must_be_sent(locked: Payout) -> None:
    if not locked.is_by_bank or locked.state != Payout.State.SENT or locked.returned_minor:
        raise NothingToComeBack
