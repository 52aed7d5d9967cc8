"""The signed permission to report one playback: given with the page, it is all that a report needs to be believed."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError

_SALT = "learners.report"
# Long enough for a report that waited offline for a night; bound.py holds whatever its age.
LIVES_FOR = timedelta(hours=24)


class ReportTokenRefused(DomainError):
    code = "report_token_refused"
    status = 403
    message = _("This playback can no longer be reported. Reload the page.")


class Ticket(NamedTuple):
    """One playback session: who, what, which film and since when.

    Session, lesson and film are named by 32 hex digits, as in the token: a thousand reports a second want no objects.
    """

    session_id: str
    learner_id: int
    course_id: int
    lesson_key: str
    asset: str
    length_s: int
    started_ms: int

    @property
    def started_at(self) -> datetime:
        return moment(self.started_ms)


def moment(ms: int) -> datetime:
    """Of milliseconds since 1970."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def issue(*, learner_id: int, course_id: int, lesson_key: uuid.UUID, asset: uuid.UUID, length_s: int) -> str:
    """A token for a session that starts now."""
    started_ms = int(timezone.now().timestamp() * 1000)
    said = [uuid.uuid4().hex, learner_id, course_id, lesson_key.hex, asset.hex, length_s, started_ms]
    return signing.dumps(said, salt=_SALT)


def read(token: str) -> Ticket:
    """Raises ReportTokenRefused when it is not ours, was altered, or is too old."""
    try:
        session, learner, course, key, asset, length_s, started_ms = signing.loads(token, salt=_SALT, max_age=LIVES_FOR)
    except signing.BadSignature:
        raise ReportTokenRefused from None
    return Ticket(session, learner, course, key, asset, length_s, started_ms)
