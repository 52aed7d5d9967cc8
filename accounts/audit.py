"""Writing the audit log."""

from typing import Any

from django.db import models

from .models import AuditEvent, User


def record(actor: User | None, verb: str, target: models.Model | str, **facts: Any) -> AuditEvent:
    """Note that `actor` did `verb` to `target`; call it inside the act's own transaction."""
    name = target if isinstance(target, str) else f"{target._meta.label_lower}:{target.pk}"
    return AuditEvent.objects.create(actor=actor, verb=verb, target=name, facts=facts)
