from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Courses, their versions, review and catalogue."""

    name = "courses"

    def ready(self) -> None:
        from videos import events

        # Registers who may watch clips with videos, and what is kept of their makers with accounts.
        from . import clip_rights, privacy  # noqa: F401
        from .models import Lesson

        events.on_settled(Lesson.objects.refresh_durations)
