"""The one callback of this app: a film has become ready or has failed. Pages above hear of it without an import."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import transaction

if TYPE_CHECKING:
    from .models import Video

_listeners: list[Callable[["Video"], None]] = []


def on_settled(listener: Callable[["Video"], None]) -> Callable[["Video"], None]:
    """Register `listener(video)`: called in the worker after the commit. It must bear being called twice or never

    (a worker may die in between), so it may only refresh what can also be pulled from the row. Usable as a decorator.
    """
    _listeners.append(listener)
    return listener


def settled(video: "Video") -> None:
    """Tell all listeners once the present transaction is committed."""
    for listener in _listeners:
        transaction.on_commit(lambda tell=listener: tell(video), robust=True)
