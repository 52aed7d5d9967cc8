"""What S1's stories are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Act:
    """`do` it, until it says that it is done; then `once` says that it happened and only once."""

    do: Callable[[], Any]
    once: Callable[[], bool]
