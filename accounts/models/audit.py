"""What people with power did: who, what, to whom, with which facts. Rows cannot be changed or deleted."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from .user import User


class AuditEvent(models.Model):
    """One act. The database refuses UPDATE, DELETE and TRUNCATE on this table."""

    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=60)
    target = models.CharField(max_length=120)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["target", "-at"]), models.Index(fields=["actor", "-at"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.target}"
