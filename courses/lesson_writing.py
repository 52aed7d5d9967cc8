"""Writing a lesson in one act: its title, text and film together, whether a person or a program writes."""

from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from videos.models import Video

from .models import Lesson, Section, Version

MOST_TITLE = 120


@transaction.atomic
def add_lesson(
    section: Section, *, title: str = "", kind: str = "video", video: Video | None = None, **words: Any
) -> Lesson:
    """A new last lesson of `section`; without a title it has its film's name. `words`: article, is_preview.

    Raises TooMany, VersionClosed, NotAllowed for somebody else's film, VideoPutAway, ValidationError.
    """
    lesson = section.add_lesson(title or (title_of(video) if video else ""), kind, video)
    words = {name: value for name, value in words.items() if value}
    return change_lesson(lesson, words) if words else lesson


@transaction.atomic
def change_lesson(lesson: Lesson, changes: dict[str, Any]) -> Lesson:
    """Any of title, article, is_preview, revision (the one that was seen) and video (None takes the film out).

    Raises EditedElsewhere, VersionClosed, NotAllowed, VideoPutAway, ValidationError.
    """
    words = {name: changes[name] for name in ("title", "article", "is_preview", "revision") if name in changes}
    if words:
        lesson.edit(**words)
    if "video" in changes:
        if changes["video"] is None:
            lesson.detach_video()
        else:
            lesson.attach_video(changes["video"])
    return lesson


@transaction.atomic
def add_film(version: Version, film: Video, by: User) -> Lesson:
    """A film becomes a lesson at the end of the last section; a version without sections gets its first one."""
    section = version.sections.last() or version.add_section(_("Lessons"), by=by)
    return add_lesson(section, video=film)


def title_of(film: Video) -> str:
    """ "03_tying-a-bowline.mp4" as "03 tying a bowline"."""
    words = PurePath(film.name).stem.replace("_", " ").replace("-", " ").split()
    return " ".join(words)[:MOST_TITLE] or _("Film")
