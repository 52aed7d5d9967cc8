from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """The review queue, the rule book, reports and what moderators do."""

    name = "moderation"

    def ready(self) -> None:
        from marketplace.lib import fit_words

        # They register a part of a person's record, and what people say as something that can be judged.
        from . import privacy, spoken  # noqa: F401
        from .rights import being_paid  # noqa: F401  opens what an award needs
        from .words import reading

        fit_words.answer_with(reading.refused)
