"""The sandbox's own tables. The rest of payments reads them through the gateway only."""

from .account import SandboxAccount
from .customer import SandboxCustomer
from .dispute import SandboxDispute
from .event import SandboxEvent
from .fault import SandboxFault
from .idempotency import SandboxKey
from .late import SandboxLate
from .payment import SandboxPayment
from .refund import SandboxRefund
from .session import SandboxSession
from .transaction import SandboxTransaction
from .transfer import SandboxReversal, SandboxTransfer
from .weather import SandboxWeather

__all__ = [
    "SandboxAccount",
    "SandboxCustomer",
    "SandboxDispute",
    "SandboxEvent",
    "SandboxFault",
    "SandboxKey",
    "SandboxLate",
    "SandboxPayment",
    "SandboxRefund",
    "SandboxReversal",
    "SandboxSession",
    "SandboxTransaction",
    "SandboxTransfer",
    "SandboxWeather",
]
