from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Courses, their versions, review and catalogue."""

    name = "courses"
