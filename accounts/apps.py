from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who log in, their roles, tokens and the record of what was done."""

    name = "accounts"

    def ready(self) -> None:
        from .privacy import own  # noqa: F401  registers its part of a person's record
