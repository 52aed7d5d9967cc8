"""What people with power did: who, what, to whom, with which facts. Rows cannot be changed or deleted."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from .user import User


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def matching(
        self, *, who: str = "", thing: str = "", verb: str = "", day: date | None = None, request_id: str = ""
    ) -> "AuditEventQuerySet":
        """Acts of the person with this address, on this thing ("courses.course" or "courses.course:7"), with a verb
        that begins so, of one day (UTC), of one request. What is not said does not matter.
        """
        rows = self.filter(actor__email__iexact=who) if who else self
        if thing:
            rows = rows.filter(target=thing) if ":" in thing else rows.filter(target__startswith=f"{thing}:")
        if verb:
            rows = rows.filter(verb__startswith=verb)
        if request_id:
            rows = rows.filter(request_id=request_id)
        if day is not None:
            start = datetime.combine(day, time(), tzinfo=UTC)
            rows = rows.filter(at__gte=start, at__lt=start + timedelta(days=1))
        return rows


class AuditEvent(models.Model):
    """One act. The database refuses UPDATE, DELETE and TRUNCATE on this table.

    `roles` is what the actor held then, `address` the network that the request came from and no more of it.
    """

    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    roles = models.CharField(max_length=120, blank=True, default="")
    verb = models.CharField(max_length=60)
    target = models.CharField(max_length=120)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    address = models.CharField(max_length=43, blank=True, default="")
    request_id = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField(auto_now_add=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["target", "-at"]),
            models.Index(fields=["actor", "-at"]),
            models.Index(fields=["verb", "-at"], name="audit_of_a_verb"),
            models.Index(fields=["-at"], name="audit_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target}"

    @property
    def told(self) -> list[tuple[str, Any]]:
        """The facts, for pages: one of them may be called "items", which a template would take for all of them."""
        return list(self.facts.items())
