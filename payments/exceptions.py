"""What money's own work could not finish: whoever has mended the cause lets it be tried again."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from marketplace.lib import work
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.work import Work

from . import payouts
from .models import Payout

APP = "payments"


class UnknownWork(DomainError):
    code = "unknown_work"
    status = 404
    message = _("There is no such work.")


class WorkNotDead(DomainError):
    code = "work_not_dead"
    message = _("This is not given up: it is done, or being tried.")


@dataclass(frozen=True)
class DeadWork:
    """Work that nobody will try again until a person says so. `is_money`: finance may say it."""

    row: Any

    @property
    def kind(self) -> str:
        return str(self.row._meta.verbose_name)

    @property
    def label(self) -> str:
        return str(self.row._meta.label_lower)

    @property
    def is_money(self) -> bool:
        return bool(self.row._meta.app_label == APP)


def dead_work(most_a_kind: int = 20) -> list[DeadWork]:
    """Dead rows of every kind of durable work, newest first within a kind."""
    return [
        DeadWork(row)
        for kind in work.kinds()
        for row in kind._default_manager.filter(dead_at__isnull=False).order_by("-dead_at")[:most_a_kind]
    ]


@transaction.atomic
def try_again(label: str, pk: str, *, by: User) -> Work:
    """Let a dead row of money's work ("payments.refund", its key) be tried from the start. A payout is looked up at the
    provider first, as always. Raises NotAllowed, UnknownWork, WorkNotDead.
    """
    if not by.has_role("finance"):
        raise NotAllowed
    kind = next((one for one in work.kinds() if one._meta.label_lower == label), None)
    if kind is None or kind._meta.app_label != APP:
        raise UnknownWork
    row = _held(kind, pk)
    if row is None:
        raise UnknownWork
    if row.dead_at is None:
        raise WorkNotDead
    if isinstance(row, Payout):
        payouts.reopen(row, by=by)
    else:
        audit.record(by, "work.try_again", row, kind=label, error=row.last_error[:500])
        row.reopen()
    return row


def _held(kind: type[Work], pk: str) -> Any:
    assert kind._meta.pk is not None
    try:
        key = kind._meta.pk.to_python(pk)
    except ValidationError:
        return None
    return kind._default_manager.select_for_update(no_key=True, of=("self",)).filter(pk=key).first()
