from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People who log in, their roles, tokens and the record of what was done."""

    name = "accounts"
