"""What an operator decided is asked for by every page, and read once in two seconds a process.

A process believes what it read for HELD_SECONDS; what is drawn of it ends PAGE_SECONDS after the reading, and nginx
keeps a page for up to two seconds more: a decision shows everywhere within five.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from marketplace.lib import window

HELD_SECONDS = 2
PAGE_SECONDS = 3

T = TypeVar("T")


def held(name: str, read: Callable[[], T]) -> T:
    """What `read()` answered a moment ago, of the state of the window; it must be picklable and not None."""
    kept: tuple[float, T] | None = window.at_hand(name)
    if kept is None:
        kept = (time.time(), window.drawn(name, read))
        window.keep_at_hand(name, kept, HELD_SECONDS)
    window.ends_by(kept[0] + PAGE_SECONDS)
    return kept[1]
