from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """The review queue, the rule book, reports and what moderators do."""

    name = "moderation"

    def ready(self) -> None:
        from marketplace.lib import fit_words

        from . import privacy  # noqa: F401  registers its part of a person's record
        from .words import reading

        fit_words.answer_with(reading.refused)
