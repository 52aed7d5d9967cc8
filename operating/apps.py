from django.apps import AppConfig


class OperatingConfig(AppConfig):
    """What whoever runs an installation decides on pages, without a release: pages of its own, switches, its look."""

    name = "operating"

    def ready(self) -> None:
        from marketplace.lib import frames, spoken, worded

        from . import foot, look, mail_words, privacy, switches  # noqa: F401  privacy registers its part of a record

        frames.shows(foot.edition)
        frames.shows(switches.edition)
        frames.shows(look.edition)
        worded.worded_by(mail_words.own)
        spoken.falls_back_to(look.default_language)
