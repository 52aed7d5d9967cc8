from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Orders, the provider, the ledger, refunds and payouts."""

    name = "payments"

    def ready(self) -> None:
        from . import checks, privacy  # noqa: F401  register checks, and a part of a person's record
