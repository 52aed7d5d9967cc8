"""The shop window: public lists that are the same for everybody are drawn once and kept until something changes.

Nothing kept here may depend on who reads it. Without the cache everything is drawn each time, and the site goes on.
What is put together from something kept is kept no longer than that: ages do not add up. Nor is it put together from
what a process keeps at hand from before the last change: it would outlive that change for everybody.
"""

import hashlib
import logging
import math
import pickle
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

T = TypeVar("T")

# What no sale changes may be this old; what people decide calls `change`.
SECONDS = 60
# What shows how many learn somewhere. Pages that are kept whole end with it, and nginx keeps them a second or two more:
# a sale shows within five of when a worker has counted it.
SOLD_SECONDS = 3
NEAR_SECONDS = 5
# Tallies of single skills are among it, and there are thousands of skills.
MOST_NEAR = 100
# Lists, and the names that stand beside every list: categories, skills, institutions. What changes the names makes the
# lists old as well, and nearly nothing that changes a list makes the names old.
LISTS, NAMES = "window.dressing", "window.names"
_log = logging.getLogger(__name__)
# When what this thread is drawing ends; never, while it draws nothing.
_ends: ContextVar[float] = ContextVar("ends", default=math.inf)
# The states of lists and names under which it will be kept.
_states: ContextVar[frozenset[str]] = ContextVar("states", default=frozenset())


@dataclass(frozen=True)
class AtHand:
    """Shown by this process until `until` (monotonic), and by whatever is drawn with it until `ends` (since the epoch).
    `states`: those that were known before it was fetched, so that it may be drawn into what is kept under them.
    """

    until: float
    ends: float
    states: frozenset[str]
    made: Any


_near: dict[str, AtHand] = {}
_near_names: dict[str, AtHand] = {}


def drawn(name: str, draw: Callable[[], T], seconds: int = SECONDS, of: str = LISTS) -> T:
    """What `draw()` answered for `name` since the last change `of` lists, or of names alone; or what it answers now. It
    must be picklable; None is not kept.
    """
    # The number goes up whenever what is kept changes its shape: a release meets what the one before has kept.
    key = f"window-2.{hashlib.sha256(name.encode()).hexdigest()}"
    try:
        found = cache.get_many([of, key])
        # Known before anything is read: what changes while it is being drawn makes it old at once.
        dressing = str(found.get(of) or cache.get_or_set(of, lambda: uuid4().hex, None))
    except RedisError as error:
        _log.warning("the window is drawn without its cache: %s", error)
        return draw()
    mark, kept = found.get(key, ("", b""))
    worn, _gap, until = str(mark).rpartition(" ")
    if worn == dressing and time.time() < float(until):
        ends_by(float(until))
        return pickle.loads(kept)  # our own Valkey, as the cache itself reads it
    made, ends = _made(draw, time.time() + seconds, dressing)
    if made is not None and ends > time.time():
        # Packed apart: what has become old is fetched with its mark, and is not unpacked.
        _keep(key, (f"{dressing} {ends:.3f}", pickle.dumps(made)), math.ceil(ends - time.time()))
    return made


def _made(draw: Callable[[], T], ends: float, *states: str) -> tuple[T, float]:
    """What `draw` answers, and by when that ends: with the first of what it was put together from."""
    before, others = _ends.set(ends), _states.set(_states.get().union(states))
    try:
        made, ends = draw(), _ends.get()
    finally:
        _ends.reset(before)
        _states.reset(others)
    ends_by(ends)
    return made, ends


def ends_by(moment: float) -> None:
    """What is being drawn just now, if anything is, shows something that ends then (seconds since the epoch)."""
    if moment < _ends.get() < math.inf:
        _ends.set(moment)


def _keep(key: str, drawn: tuple[str, bytes], seconds: int) -> None:
    try:
        cache.set(key, drawn, seconds)
    except RedisError as error:
        _log.warning("the window keeps nothing: %s", error)


def near(name: str, draw: Callable[[], T]) -> T:
    """As `drawn`, and kept in this process as well, for NEAR_SECONDS, in which another process's change is not seen,
    but by what is being drawn.
    """
    kept: T | None = at_hand(name)
    if kept is not None:
        return kept
    made, ends = _made(lambda: drawn(name, draw), time.time() + SECONDS)
    _make_room()
    _near[name] = _at_hand(made, ends)
    return made


def near_name(name: str, draw: Callable[[], T]) -> T:
    """As `near`, for what stands beside every list: until a name changes."""
    if (kept := _taken(_near_names, name)) is not None:
        return kept.made  # type: ignore[no-any-return]  # what `draw` made
    made, ends = _made(lambda: drawn(name, draw, of=NAMES), time.time() + SECONDS)
    _near_names[name] = _at_hand(made, ends)
    return made


def at_hand(name: str) -> Any:
    """What this process keeps under the name; None where it keeps nothing, or nothing that may still be shown."""
    kept = _taken(_near, name)
    return kept and kept.made


def keep_at_hand(name: str, made: Any, seconds: float) -> None:
    """Until then, or until this process changes the window, or keeps too much."""
    _make_room()
    _near[name] = _at_hand(made, time.time() + SECONDS, seconds)


def _at_hand(made: Any, ends: float, seconds: float = NEAR_SECONDS) -> AtHand:
    return AtHand(time.monotonic() + min(seconds, ends - time.time()), ends, _states.get(), made)


def _taken(kept: dict[str, AtHand], name: str) -> AtHand | None:
    found = kept.get(name)
    if found is None or time.monotonic() >= found.until or not _states.get() <= found.states:
        return None
    ends_by(found.ends)
    return found


def _make_room() -> None:
    if len(_near) >= MOST_NEAR:
        now = time.monotonic()
        for old in [other for other, kept in list(_near.items()) if now >= kept.until]:
            _near.pop(old, None)
    if len(_near) >= MOST_NEAR:
        _near.clear()


def forget() -> None:
    """What this process keeps near."""
    _near.clear()
    _near_names.clear()


def change() -> None:
    """Something that is shown to everybody has changed: draw anew. Once now, for whoever reads in this transaction, and
    once after its commit, since another reader may have drawn the old state in between.
    """
    _undress()
    transaction.on_commit(_undress)


def change_names() -> None:
    """A category, a skill or an institution is called otherwise or is new: names are drawn anew, and lists."""
    _rename()
    transaction.on_commit(_rename)


def _rename() -> None:
    _near_names.clear()
    _undress(NAMES)
    _undress()


def _undress(of: str = LISTS) -> None:
    _near.clear()
    try:
        cache.set(of, uuid4().hex, None)
    except RedisError as error:
        _log.warning("the window could not be changed, it is at most %s s old: %s", SECONDS, error)
