from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """The review queue and what moderators do."""

    name = "moderation"
