from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Courses, their versions, review and catalogue."""

    name = "courses"

    def ready(self) -> None:
        from videos import events

        from .models import Lesson

        events.on_settled(Lesson.objects.refresh_durations)
