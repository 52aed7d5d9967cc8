"""Disputes: a buyer's bank asks for the money of an order back; what we answer, and what our books make of the end."""

from .answers import NotAnswerable, accept, send, submit
from .figures import Figures, figures
from .mails import remind
from .prefilled import draft
from .taking import follow, misfit, take

__all__ = [
    "Figures",
    "NotAnswerable",
    "accept",
    "draft",
    "figures",
    "follow",
    "misfit",
    "remind",
    "send",
    "submit",
    "take",
]
