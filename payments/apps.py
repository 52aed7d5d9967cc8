from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Orders, the provider, the ledger, refunds and payouts."""

    name = "payments"

    def ready(self) -> None:
        from . import checks  # noqa: F401 (registers them)
