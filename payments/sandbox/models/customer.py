"""Customers, with the one means of payment that each has kept, and what its bank answers when nobody is there."""

from typing import Any

from django.db import models

from .thing import Thing, id_field, new_id


class SandboxCustomer(Thing):
    """Whom a means of payment is kept for. A payment by hand brings a new means, which answers as a good one does."""

    class Answer(models.TextChoices):
        PAYS = "", "pays"
        DECLINED = "card_declined"
        WANTS_HER = "authentication_required"

    id = id_field("cus")
    email = models.EmailField(blank=True)
    method_id = models.CharField(max_length=80, default="", blank=True)
    answer = models.CharField(max_length=40, blank=True, default="", choices=Answer.choices)

    def keep_new_means(self) -> None:
        self.method_id, self.answer = new_id("pm"), ""
        self.save(update_fields=["method_id", "answer"])

    def as_stripe(self) -> dict[str, Any]:
        return {"id": self.pk, "object": "customer", "deleted": True}
