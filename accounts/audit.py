"""Writing the audit log: who, in which role, from where, in which request."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models
from structlog.contextvars import get_contextvars

from .models import AuditEvent, User

VERB = re.compile(r"[a-z_]+(\.[a-z_]+)+")
# Facts are read by many: nothing that opens a door stands among them.
SECRETS = re.compile(r"password|secret|digest|token|cookie|authorization", re.IGNORECASE)


@dataclass(frozen=True)
class Circumstances:
    """What is known of the request in which acts happen."""

    address: str = ""


NOWHERE = Circumstances()
_now: ContextVar[Circumstances] = ContextVar("circumstances", default=NOWHERE)


@contextmanager
def under(circumstances: Circumstances) -> Iterator[None]:
    """Whatever is recorded inside came about so."""
    mark = _now.set(circumstances)
    try:
        yield
    finally:
        _now.reset(mark)


def record(actor: User | None, verb: str, target: models.Model | str, **facts: Any) -> AuditEvent:
    """Note that `actor` did `verb` ("thing.act") to `target`; call it inside the act's own transaction.

    A change tells what it found and what it left as `before` and `after`. Raises ValueError for a fact that is a
    secret, and for a verb without its thing.
    """
    if not VERB.fullmatch(verb):
        raise ValueError(f"a verb names its thing: {verb}")
    _refuse_secrets(facts)
    name = target if isinstance(target, str) else f"{target._meta.label_lower}:{target.pk}"
    return AuditEvent.objects.create(
        actor=actor,
        roles=" ".join(sorted(actor.roles)) if actor else "",
        verb=verb,
        target=name,
        facts=facts,
        address=_now.get().address,
        request_id=str(get_contextvars().get("request_id", "")),
    )


def _refuse_secrets(facts: Any) -> None:
    if isinstance(facts, dict):
        for name, value in facts.items():
            if SECRETS.search(str(name)):
                raise ValueError(f"a secret is no fact: {name}")
            _refuse_secrets(value)
