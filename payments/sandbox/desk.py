"""What happens at the provider without us: its own desk gives money back, banks dispute charges and decide.

Each act is one transaction of the sandbox, as a request to the provider is.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from marketplace.lib.errors import DomainError
from marketplace.lib.sentences import Sentences

from .errors import Refusal
from .models import SandboxDispute, SandboxPayment, SandboxRefund, SandboxTransfer

Done = TypeVar("Done")
ON_A_CHARGE = ("dispute", "inquiry", "refund", "fail_refund")
ON_A_DISPUTE = ("win", "lose", "escalate", "prevent")
# The provider itself refuses in English only; here it is us who play it, before people who practice.
_REFUSALS = Sentences(
    (
        gettext_noop("This payment has no successful charge to refund."),
        gettext_noop("Charge %(id)s has been charged back; cannot issue a refund."),
        gettext_noop("Charge %(id)s has already been refunded."),
        gettext_noop("Refund amount (%(amount)s) is greater than unrefunded amount on charge (%(left)s)"),
        gettext_noop("This charge has no refund that could fail."),
        gettext_noop("This charge cannot be disputed for that amount."),
        gettext_noop("This charge is disputed already."),
        gettext_noop("This dispute is closed: %(status)s."),
        gettext_noop("An inquiry is not lost: escalate it first."),
        gettext_noop("Only an inquiry can be escalated."),
        gettext_noop("Only %(left)s of this transfer can be reversed."),
    )
)


class NotAtTheDesk(DomainError):
    """The provider does not do that with this charge, dispute or transfer as it stands."""

    code = "sandbox_desk_refused"


def on_charge(
    charge_id: str, act: str, *, amount: int | None = None, reason: str = "fraudulent"
) -> SandboxDispute | SandboxRefund | None:
    """One of ON_A_CHARGE; `amount` in the provider's units, by default all that is left. None: no such charge."""

    def run() -> SandboxDispute | SandboxRefund | None:
        payment = SandboxPayment.objects.filter(charge_id=charge_id).select_for_update().first()
        if payment is None:
            return None
        if act == "refund":
            return SandboxRefund.objects.give(payment, amount=amount, reason="requested_by_customer", metadata={})
        if act == "fail_refund":
            return _fail_refund(payment)
        return SandboxDispute.objects.open(payment, amount=amount, reason=reason, inquiry=act == "inquiry")

    _must_be_known(act, ON_A_CHARGE)
    return _in_one(run)


def _fail_refund(payment: SandboxPayment) -> SandboxRefund:
    """The newest refund of the charge that succeeded comes back."""
    given = payment.refunds.filter(status="succeeded").order_by("-created", "-pk").first()
    if given is None:
        raise Refusal("This charge has no refund that could fail.", code="refund_not_failable")
    given.payment = payment
    given.fail()
    return given


def on_dispute(dispute_id: str, act: str) -> SandboxDispute | None:
    """One of ON_A_DISPUTE. None: no such dispute."""

    def run() -> SandboxDispute | None:
        dispute = SandboxDispute.objects.locked(dispute_id)
        if dispute is not None:
            getattr(dispute, act)()
        return dispute

    _must_be_known(act, ON_A_DISPUTE)
    # What lapsed stays so, also when the act is then refused.
    _in_one(lambda: SandboxDispute.objects.locked(dispute_id))
    return _in_one(run)


def reverse_transfer(transfer_id: str) -> SandboxTransfer | None:
    """All that is left of a transfer comes back."""

    def run() -> SandboxTransfer | None:
        transfer = SandboxTransfer.objects.filter(pk=transfer_id).select_for_update().first()
        if transfer is not None:
            transfer.take_back(None, {})
        return transfer

    return _in_one(run)


def _in_one(run: Callable[[], Done]) -> Done:
    try:
        with transaction.atomic(durable=True):
            return run()
    except Refusal as refusal:
        raise NotAtTheDesk(_REFUSALS.said(str(refusal))) from refusal


def _must_be_known(act: str, acts: tuple[str, ...]) -> None:
    if act not in acts:
        raise NotAtTheDesk(gettext("The desk has no button “%(act)s”.") % {"act": act})
