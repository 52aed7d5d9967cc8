"""Why a film cannot be removed, in words that say which lesson shows it and what its creator can do."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from .models import Lesson


def why_it_stays(lesson: "Lesson") -> str:
    version = lesson.version
    if version.is_editable:
        words = _("“%(lesson)s” in “%(course)s” shows this film. Take it out of the lesson first.")
    elif version.state == version.State.SUBMITTED:
        words = _("“%(lesson)s” in “%(course)s” is under review with this film. Wait for the decision first.")
    else:
        words = _(
            "Learners see this film in “%(lesson)s” of “%(course)s”. Replace it there, or take the lesson out of a new "
            "version; once that is approved, you can remove the film."
        )
    return words % {"lesson": lesson.title, "course": version.title}
