"""How a course stands with the public and with review, in words for its creator's lists."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Course, Version


@dataclass(frozen=True)
class Standing:
    """`tone` is one of the states' tones: ok, wait, bad, info, idle."""

    tone: str
    label: str | Promise


_WORKING = {
    Version.State.DRAFT: Standing("idle", _("Draft")),
    Version.State.SUBMITTED: Standing("wait", _("Under review")),
    Version.State.RETURNED: Standing("bad", _("Sent back")),
}
_AGAIN = {
    Version.State.DRAFT: Standing("idle", _("New version in work")),
    Version.State.SUBMITTED: Standing("wait", _("New version under review")),
    Version.State.RETURNED: Standing("bad", _("New version sent back")),
}


def of(course: Course, working: Version | None) -> list[Standing]:
    """What the public sees first, then what is being worked on."""
    standings = []
    if course.is_taken_down:
        standings.append(Standing("bad", _("Taken down")))
    elif course.live_version_id:
        standings.append(Standing("ok", _("On sale")))
    if working:
        words = _AGAIN if course.live_version_id else _WORKING
        standings.append(words[Version.State(working.state)])
    return standings
