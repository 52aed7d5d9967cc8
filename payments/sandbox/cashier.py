"""What a buyer does on the provider's hosted page, and a creator on its onboarding page. Sandbox only.

Each act is one transaction of the sandbox, as a request to the provider is.
"""

from django.db import transaction

from marketplace.lib.errors import DomainError

from .errors import Refusal
from .models import SandboxAccount, SandboxSession
from .models.session import METHODS

ACTS = ("locate", "pay", "decline", "challenge", "confirm", "reject", "later", "later_paid", "later_failed", "expire")


class NotAtTheCounter(DomainError):
    """The provider's own page refuses what was pressed."""

    code = "sandbox_page_refused"


def find(session_id: str) -> SandboxSession | None:
    """The session as the page shows it; one that is late is expired first."""
    with transaction.atomic(durable=True):
        session = SandboxSession.objects.locked(session_id)
        return SandboxSession.objects.select_related("payment").get(pk=session.pk) if session else None


def act(session_id: str, action: str, method: str = "card", country: str = "") -> SandboxSession | None:
    """Press one of ACTS; where tax is reckoned, after saying where one is. Raises NotAtTheCounter if it cannot be."""
    if action not in ACTS or method not in METHODS:
        raise NotAtTheCounter(f"The page has no button {action!r} for {method!r}.")
    try:
        with transaction.atomic(durable=True):
            session = SandboxSession.objects.locked(session_id)
            if session is not None:
                if method not in session.methods:
                    raise Refusal(f"This page does not take {method}.", code="payment_method_unsupported_type")
                if country or action in ("pay", "challenge", "later"):
                    session.locate(country or session.country)
                _press(session, action, method)
            return session
    except Refusal as refusal:
        raise NotAtTheCounter(str(refusal)) from refusal


def _press(session: SandboxSession, action: str, method: str) -> None:
    match action:
        case "pay" | "confirm":
            session.pay(method)
        case "decline":
            session.decline(method)
        case "reject":
            session.decline(method, "payment_intent_authentication_failure")
        case "challenge":
            session.ask_for_action(method)
        case "later":
            session.pay_later(method)
        case "later_paid" | "later_failed":
            session.settle_later(succeeds=action == "later_paid")
        case "expire":
            session.expire()


def onboard(account_id: str, outcome: str = "active") -> SandboxAccount | None:
    """The creator proved who she is (active), or the provider still looks (pending), or wants more (restricted)."""
    with transaction.atomic(durable=True):
        account = SandboxAccount.objects.filter(pk=account_id).select_for_update().first()
        if account is not None and account.transfers != outcome:
            account.become(outcome)
        return account


def recipient(account_id: str) -> SandboxAccount | None:
    return SandboxAccount.objects.filter(pk=account_id).first()
