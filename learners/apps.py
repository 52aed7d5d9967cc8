from django.apps import AppConfig


class LearnersConfig(AppConfig):
    """The right to watch, and what was watched."""

    name = "learners"

    def ready(self) -> None:
        # They register the right to watch with videos, and a part of a person's record with accounts.
        from . import privacy, rights  # noqa: F401
