"""The public log: every decision of moderation, without names, in the order in which it was made.

It is read from the append-only rows themselves and kept nowhere else. Whoever has the file can replay it.
"""

from .entries import entries, newest
from .entry import Entry
from .figures import Figures, figures
from .replay import LogBroken, State, replay

__all__ = ["Entry", "Figures", "LogBroken", "State", "entries", "figures", "newest", "replay"]
