"""The text of a lesson as its readers see it: with formulas, and with the lesson's own pictures."""

import uuid
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from marketplace.lib import markdown

from .models import Lesson, Picture


class LessonText:
    """Renders any text of the lesson with this key; its pictures are asked for once, and only if a text names one."""

    def __init__(self, key: uuid.UUID) -> None:
        self._key = key
        self._pictures: dict[str, markdown.Picture] | None = None

    def html(self, text: str) -> SafeString:
        pictures = self._known() if markdown.pictures_in(text) else None
        return markdown.render_rich(text, pictures)

    def _known(self) -> dict[str, markdown.Picture]:
        if self._pictures is None:
            rows = Picture.objects.filter(lesson_key=self._key).only("id", "width", "height")
            self._pictures = {
                str(row.pk): markdown.Picture(
                    reverse("learners:picture", args=[self._key, row.pk]), row.width, row.height
                )
                for row in rows
            }
        return self._pictures


def preview(user: Any, key: str, text: str) -> SafeString:
    """A text that is still being written, with the pictures of the writer's own lesson."""
    try:
        mine = Lesson.objects.filter(version__course__creator__user_id=user.pk, key=uuid.UUID(key)).exists()
    except ValueError:
        mine = False
    return LessonText(uuid.UUID(key)).html(text) if mine else markdown.render_rich(text)
