from django.apps import AppConfig


class CommunityConfig(AppConfig):
    """What learners say of courses and ask under lessons, and what is answered: ratings, questions."""

    name = "community"

    def ready(self) -> None:
        # It registers its part of a person's record with accounts.
        from . import privacy  # noqa: F401
