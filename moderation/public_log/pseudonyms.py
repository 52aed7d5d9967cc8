"""Names that are none: the same for one thing under one kind of decision, and of no use to find out which it is.

Some decisions can be seen from outside: that a course was published, that it left the sale. Were a thing's name the
same in the whole log, whoever sees one of them would read every warning to it.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.crypto import salted_hmac

BLACKED = "▮▮▮"
# Addresses, and runs of digits that may be a telephone or an account.
_TRACES = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|https?://\S+|\+?\d[\d ()-]{6,}\d")
SHORTEST_NAME = 2


def of(kind: str, key: Any, under: str = "") -> str:
    """Of a course, creator or lesson by its primary key, or of a person; `under`: the action that was decided."""
    return f"{kind}-{salted_hmac('moderation.public_log', f'{kind}:{key}:{under}').hexdigest()[:12]}"


def masked(text: str, names: Iterable[str]) -> str:
    """`text` with these names, and whatever looks like an address or a number of somebody, blacked out."""
    shown = _TRACES.sub(BLACKED, text)
    for name in sorted({name.strip() for name in names}, key=len, reverse=True):
        if len(name) >= SHORTEST_NAME:
            shown = re.sub(re.escape(name), BLACKED, shown, flags=re.IGNORECASE)
    return shown
