"""Claims of copyright: filed with proof, admitted, answered by the creator, decided by a person, in time."""

from .clocks import run_out
from .filing import AlreadyClaimed, TooManyClaims, file
from .sides import NotNow, counter, go_on, withdraw
from .verdicts import SomebodyWasQuicker, VerdictChanged, admit, decide, preview

__all__ = [
    "AlreadyClaimed", "NotNow", "SomebodyWasQuicker", "TooManyClaims", "VerdictChanged", "admit", "counter", "decide",
    "file", "go_on", "preview", "run_out", "withdraw",
]  # fmt: skip
