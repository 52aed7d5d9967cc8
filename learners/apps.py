from django.apps import AppConfig


class LearnersConfig(AppConfig):
    """The right to watch, and what was watched."""

    name = "learners"

    def ready(self) -> None:
        from . import rights  # noqa: F401  registers the right to watch with videos
