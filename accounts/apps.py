from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who log in, their roles, tokens and the record of what was done."""

    name = "accounts"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from . import second_factor
        from .privacy import own  # noqa: F401  registers its part of a person's record

        authenticator_added.connect(second_factor.end_what_is_older, dispatch_uid="end_what_is_older")
