from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Orders, the provider, the ledger, refunds and payouts."""

    name = "payments"
