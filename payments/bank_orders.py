"""Orders for the bank: one person makes the file and brings it there, another says what the bank did of each order.

Between the two the outcome is unknown, and nothing is concluded from time passing.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import clock, failpoints
from marketplace.lib.errors import DomainError, NotAllowed

from . import payout_mails
from .models import BankAnswer, BankDetails, BankFile, BankOrder, Payout, PayoutRun
from .transfers import is_held_back

# For people of finance, as every flag of a payout.
NOWHERE = "by bank, but to no bank details that were confirmed: withdraw it, and the next run pays it anew"


class NothingToOrder(DomainError):
    code = "nothing_to_order"
    message = _(
        "Nothing of this run waits for the bank: it is in a file already, held back, not approved, "
        "or approved by you: then somebody else makes the file. What goes to no confirmed bank details is on the "
        "payout desk, to be looked at."
    )


class FileHeldBack(DomainError):
    code = "bank_file_held_back"
    message = _("A stop or a hold covers an order of this file: it is not to be brought to the bank now.")


class OwnFile(DomainError):
    code = "second_person_needed"
    status = 403
    message = _("Somebody else must say what the bank did: you made this file, or the payout is yours.")


class OrderAnswered(DomainError):
    code = "bank_order_answered"
    message = _("What the bank did of this order has been written down already.")


def make_file(run: PayoutRun, currency: str, *, by: User) -> BankFile:
    """Put a run's approved payouts by bank of one currency into a file. From here on the bank may carry them out.

    What a stop or a hold forbids is left out and comes into a later file, and so is what `by` has approved herself:
    for a payout above the limit two people are needed before the bank hears of it. What goes to no confirmed bank
    details is left out too, and flagged for finance. Raises NotAllowed, NothingToOrder.
    """
    if not by.has_role("finance"):
        raise NotAllowed
    with transaction.atomic():
        file = _filed(run, currency, by)
    # Said only now: what was flagged stays flagged.
    if file is None:
        raise NothingToOrder
    return file


def _filed(run: PayoutRun, currency: str, by: User) -> BankFile | None:
    waiting = Payout.objects.for_bank_file(run, currency).exclude(approval__by=by).order_by("pk")
    waiting = waiting.select_for_update(no_key=True, of=("self",))
    payouts = _leading_somewhere([payout for payout in waiting if not is_held_back(payout)])
    if not payouts:
        return None
    file = BankFile.objects.make(run, payouts, by=by)
    now = clock.now()
    for payout in payouts:
        payout.hand_over(now)
    audit.record(by, "payouts.bank_file", file, orders=file.orders_count, total=str(file.total))
    failpoints.reach("bank_file.before_commit")
    return file


def _leading_somewhere(payouts: list[Payout]) -> list[Payout]:
    """Without those that go to no confirmed bank details of their creator: one of them would break the whole file."""
    details = BankDetails.objects.gone_to(payouts)
    for astray in (payout for payout in payouts if payout.pk not in details):
        if astray.flag(NOWHERE, at=clock.now()):
            payout_mails.flagged(astray)
    return [payout for payout in payouts if payout.pk in details]


def hand_out(file: BankFile) -> BankFile:
    """The file, to be brought to the bank. Raises FileHeldBack while an order of it must not be carried out."""
    orders = file.orders.select_related("payout").filter(payout__state=Payout.State.SUBMITTING)
    if any(is_held_back(order.payout) for order in orders):
        raise FileHeldBack
    return file


@transaction.atomic
def answer(order: BankOrder, *, by: User, executed: bool, reference: str, reason: str = "") -> BankAnswer:
    """Write down what the bank did of an order; the payout is paid or withdrawn by that.

    Raises NotAllowed, OwnFile, OrderAnswered.
    """
    if not by.has_role("finance"):
        raise NotAllowed
    payout = Payout.objects.lock(order.payout_id)
    assert payout is not None  # an order's payout is never deleted
    if by.pk in (order.file.made_by_id, payout.creator.user_id):
        raise OwnFile
    if BankAnswer.objects.filter(order=order).exists():
        raise OrderAnswered
    given = BankAnswer.objects.note(order, by=by, executed=executed, reference=reference, reason=reason)
    audit.record(by, "payouts.bank_answer", payout, executed=executed, reference=reference, reason=reason)
    payout.become_due()
    failpoints.reach("bank_answer.before_commit")
    return given
