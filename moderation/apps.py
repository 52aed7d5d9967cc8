from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """The review queue, the rule book, reports and what moderators do."""

    name = "moderation"

    def ready(self) -> None:
        from . import privacy  # noqa: F401  registers its part of a person's record
