from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    """How courses are found: the index of words, search, suggestions, and what was looked for in vain."""

    name = "discovery"

    def ready(self) -> None:
        # It registers its part of a person's record with accounts.
        from . import privacy  # noqa: F401
