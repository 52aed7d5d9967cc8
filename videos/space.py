"""How much of her space for originals a creator has used, and what is left."""

from dataclasses import dataclass
from typing import Any

from .models import SpaceGrant, Video


@dataclass(frozen=True)
class Space:
    """In bytes."""

    used: int
    limit: int

    @property
    def left(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def percent(self) -> int:
        return min(100, self.used * 100 // self.limit)


def of(owner: Any) -> Space:
    return Space(Video.objects.bytes_kept_for(owner), SpaceGrant.objects.limit_of(owner))
