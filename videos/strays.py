"""Which of the files that lie somewhere nobody needs: those whose rows say so, and, a day later, those without a row.

To a database that is empty, another shop's, or restored to too early a moment, every file is one without a row. So
these wait for a day, and where they are many nothing of them goes: somebody is told instead, and looks.
"""

import logging
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

log = logging.getLogger(__name__)
KNOWN_AFTER = timedelta(days=1)
# So many are never an accident of single workers, unless so much lies there that they are a small part of it.
MANY = 20
MANY_PERCENT = 10


def unneeded(here: Mapping[str, float], rows: QuerySet[Any], needed: QuerySet[Any], place: str) -> list[str]:
    """Of what lies at `place` (id: when it was last written, in seconds since 1970) that which may go.

    `rows` are all there are, `needed` those whose files somebody may need. `here` was read before the rows are: each
    has its row before its first byte.
    """
    known = _among(here, rows)
    return sorted((known - _among(known, needed)) | unknown(here, known, place))


def unknown(here: Mapping[str, float], known: Iterable[str], place: str) -> set[str]:
    """Of the same that which may go because no row knows it, where those that rows know are `known`."""
    strange = here.keys() - set(known)
    if len(strange) > MANY and len(strange) * 100 > len(here) * MANY_PERCENT:
        log.error("files_without_rows", extra={"place": place, "without": len(strange), "of": len(here)})
        return set()
    before = time.time() - KNOWN_AFTER.total_seconds()
    return {name for name in strange if here[name] < before}


def _among(names: Iterable[str], rows: QuerySet[Any]) -> set[str]:
    asked, found = sorted(names), set[str]()
    for at in range(0, len(asked), 1000):
        found.update(str(pk) for pk in rows.filter(pk__in=asked[at : at + 1000]).values_list("pk", flat=True))
    return found
