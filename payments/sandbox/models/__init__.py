"""The sandbox's own tables. The rest of payments reads them through the gateway only."""

from .account import SandboxAccount
from .event import SandboxEvent
from .fault import SandboxFault
from .idempotency import SandboxKey
from .payment import SandboxPayment
from .refund import SandboxRefund
from .session import SandboxSession
from .transaction import SandboxTransaction
from .transfer import SandboxReversal, SandboxTransfer

__all__ = [
    "SandboxAccount",
    "SandboxEvent",
    "SandboxFault",
    "SandboxKey",
    "SandboxPayment",
    "SandboxRefund",
    "SandboxReversal",
    "SandboxSession",
    "SandboxTransaction",
    "SandboxTransfer",
]
