"""The finance team's knobs on the sandbox: what happens to events on their way, and which calls fail."""

from typing import Any

from django.http import Http404

from marketplace.lib.money import Money, from_provider_amount

from .models import SandboxEvent, SandboxFault, SandboxSession, SandboxTransaction
from .operations import names

MODES = SandboxFault.Mode.values


def view() -> dict[str, Any]:
    """What the console shows beside the events: money held, payments on their way, faults to come."""
    return {
        "available": _held(available=True),
        "pending": _held(available=False),
        "late_sessions": SandboxSession.objects.waiting().order_by("-created")[:20],
        "faults": SandboxFault.objects.filter(remaining__gt=0).order_by("pk"),
    }


def _held(*, available: bool) -> list[Money]:
    held = SandboxTransaction.objects.balances(available=available)
    return [from_provider_amount(amount, currency) for currency, amount in held.items()]


def act(event: SandboxEvent, what: str) -> None:
    """Deliver an event again ("resend"), three times in a row ("duplicate"), or lose it ("drop")."""
    if what == "drop":
        event.drop()
    elif what in ("resend", "duplicate"):
        event.send_again(copies=3 if what == "duplicate" else 1)
    else:
        raise Http404


def plan_fault(operation: str, mode: str, times: int) -> SandboxFault:
    return SandboxFault.objects.plan(operation, mode, times)


def operations() -> list[str]:
    """What can be made to fail."""
    return ["*", *names()]
