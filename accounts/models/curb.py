"""A moderator's measure against an account: nothing that she writes reaches others, or the account rests."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError, NotAllowed

from .restraint import Restraint
from .user import User


class AlreadyCurbed(DomainError):
    code = "already_curbed"
    message = _("This is so already: there is nothing left to do.")


class AlreadyUncurbed(DomainError):
    code = "already_freed"
    message = _("This is lifted already.")


class AccountCurbQuerySet(models.QuerySet["AccountCurb"]):
    def open(self) -> Self:
        return self.filter(lifted_at=None)

    def of(self, person: Any) -> Self:
        return self.filter(person_id=person.pk)

    def impose(
        self, kind: str, person: User, *, by: User, rule_code: str, rule_version: int, reason: str
    ) -> "AccountCurb":  # fmt: skip
        """Called by `curbing.impose` alone, in its transaction. Raises AlreadyCurbed, NotAllowed."""
        if not by.has_role("moderator") or by.pk == person.pk:
            raise NotAllowed
        held = _hold(person)
        if self.open().of(held).filter(kind=kind).exists():
            raise AlreadyCurbed
        row = self.create(
            kind=kind, person=held, imposed_by=by, rule_code=rule_code, rule_version=rule_version, reason=reason
        )  # fmt: skip
        row._follow(held)
        return row


class AccountCurb(Restraint):
    """A person was kept from writing, or from everything but what is hers, from `imposed_at` until `lifted_at`."""

    class Kind(models.TextChoices):
        MUTE = "mute", _("May not write")
        BAR = "bar", _("Account suspended")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="curbs")
    imposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    imposed_at = models.DateTimeField(default=timezone.now)

    objects = AccountCurbQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(lifted_at=None), name="one_open_curb_a_kind"
            ),
            models.CheckConstraint(condition=Q(kind__in=["mute", "bar"]), name="curb_is_known"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"

    def lift(self, *, by: User | None, reason: str) -> None:
        """Called by `curbing.lift` alone, in its transaction. Raises AlreadyUncurbed, NotAllowed."""
        if by is not None and (not by.has_role("moderator") or by.pk == self.person_id):
            raise NotAllowed
        held = _hold(self.person)
        self.end(by=by, reason=reason, refusal=AlreadyUncurbed)
        self._follow(held)

    def _follow(self, held: User) -> None:
        if self.kind == self.Kind.BAR:
            held.rest(self.imposed_at if self.lifted_at is None else None)


def _hold(person: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)
