"""What an operator decided is asked for by every page, and read once in two seconds a process.

A process believes what it read for HELD_SECONDS; what is drawn of it ends PAGE_SECONDS after the reading, and nginx
keeps a page for up to two seconds more: a decision shows everywhere within five. Other changes of the window are none
of this.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

from marketplace.lib import window

HELD_SECONDS = 2
PAGE_SECONDS = 3

T = TypeVar("T")
# By name: until when it is believed (monotonic), when it was read, and what it was.
_held: dict[str, tuple[float, float, Any]] = {}


def held(name: str, read: Callable[[], T]) -> T:
    """What `read()` answered a moment ago, of the state of the window; it must be picklable and not None."""
    until, read_at, found = _held.get(name, (0.0, 0.0, None))
    if time.monotonic() >= until:
        read_at, found = time.time(), window.drawn(name, read)
        believe(name, found, read_at, HELD_SECONDS)
    window.ends_by(read_at + PAGE_SECONDS)
    return found


def believe(name: str, found: Any, read_at: float, seconds: float) -> None:
    """This process takes it for so until then, or until somebody decides anew here."""
    _held[name] = (time.monotonic() + seconds, read_at, found)


def changed() -> None:
    """Somebody has decided something: at once here and in every page that is kept, and once more after the commit."""
    _held.clear()
    window.change()
    transaction.on_commit(_held.clear)
