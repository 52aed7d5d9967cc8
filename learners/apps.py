from django.apps import AppConfig


class LearnersConfig(AppConfig):
    """The right to watch, and what was watched."""

    name = "learners"

    def ready(self) -> None:
        # They register a check, a part of a person's record with accounts, and the right to watch with videos.
        from . import checks, privacy, rights  # noqa: F401
