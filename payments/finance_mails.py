"""Telling the people of finance: everybody who has the role, each once a cause."""

from collections.abc import Collection
from typing import Any

from accounts import notices
from accounts.models import User


def tell(key: str, template: str, context: dict[str, Any], *, but: Collection[int] = ()) -> None:
    """Under `key`, which names the cause; not those whose keys are in `but`."""
    for person in User.objects.with_role("finance").exclude(pk__in=but):
        notices.tell(f"{key}:{person.pk}", person, f"payments/{template}", context)
