"""Recipients: connected accounts (v2) that can be paid by transfer once they are onboarded."""

from typing import Any

from django.db import models

from ..errors import wrong
from .event import SandboxEvent
from .thing import Thing, id_field, rfc3339

CAPABILITY_EVENT = "v2.core.account[configuration.recipient].capability_status_updated"


class AccountQuerySet(models.QuerySet["SandboxAccount"]):
    def open(self, asked: dict[str, Any]) -> "SandboxAccount":
        recipient = asked.get("configuration", {}).get("recipient", {})
        wanted = recipient.get("capabilities", {}).get("stripe_balance", {}).get("stripe_transfers", {})
        if not wanted.get("requested"):
            raise wrong("configuration.recipient", "Ask for the stripe_transfers capability of a recipient.")
        if asked.get("defaults", {}).get("responsibilities", {}).get("losses_collector") != "application":
            raise wrong("defaults.responsibilities.losses_collector", "Separate charges need `application` here.")
        return self.create(
            email=asked.get("contact_email", ""), display_name=asked.get("display_name", ""),
            country=asked.get("identity", {}).get("country", "us").lower(), dashboard=asked.get("dashboard", "none"),
            metadata=asked.get("metadata", {}),
        )  # fmt: skip


class SandboxAccount(Thing):
    """A creator as the provider knows her."""

    class Transfers(models.TextChoices):
        ACTIVE = "active"
        PENDING = "pending"
        RESTRICTED = "restricted"

    id = id_field("acct")
    email = models.EmailField(blank=True)
    display_name = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2)
    dashboard = models.CharField(max_length=10)
    transfers = models.CharField(max_length=12, choices=Transfers.choices, default=Transfers.RESTRICTED)

    objects = AccountQuerySet.as_manager()

    def become(self, transfers: str) -> None:
        """The capability changes, as after onboarding or a review; the platform is told by a thin event."""
        self.transfers = self.Transfers(transfers)
        self.save(update_fields=["transfers"])
        SandboxEvent.objects.emit_thin(CAPABILITY_EVENT, self.pk, "v2.core.account", f"/v2/core/accounts/{self.pk}")

    def as_stripe(self) -> dict[str, Any]:
        missing: dict[str, list[dict[str, str]]] = {
            self.Transfers.RESTRICTED: [{"code": "requirements_past_due", "resolution": "provide_info"}],
            self.Transfers.PENDING: [{"code": "requirements_pending_verification", "resolution": "no_resolution"}],
        }
        details = missing.get(self.transfers, [])
        capability = {"status": self.transfers, "status_details": details}
        return {
            "id": self.pk,
            "object": "v2.core.account",
            "applied_configurations": ["recipient"],
            "closed": False,
            "configuration": {
                "customer": None,
                "merchant": None,
                "recipient": {"applied": True, "capabilities": {"stripe_balance": {"stripe_transfers": capability}}},
            },
            "contact_email": self.email or None,
            "created": rfc3339(self.created),
            "dashboard": self.dashboard,
            "display_name": self.display_name,
            "identity": {"country": self.country},
            "livemode": False,
            "metadata": self.metadata,
        }
