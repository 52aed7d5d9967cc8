"""Giving roles and taking them back: by an administrator, for a reason, never to or from oneself."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError, NotAllowed

from . import audit, notices
from .models import RoleGrant, User


class RoleHeldAlready(DomainError):
    code = "role_held_already"
    message = _("This person holds the role already.")


class RoleWithdrawn(DomainError):
    code = "role_withdrawn"
    message = _("This role was taken back already.")


@transaction.atomic
def give(person: User, role: str, *, by: Any, reason: str) -> RoleGrant:
    """`by` None: on the command line. Raises NotAllowed, RoleHeldAlready."""
    _must_be_another_administrator(by, person)
    if person.role_grants.filter(role=role, revoked_at=None).exists():
        raise RoleHeldAlready
    grant = person.grant_role(role, by=by, reason=reason)
    audit.record(by, "role.give", person, role=role, reason=reason)
    _tell(grant, "role_given", reason)
    return grant


@transaction.atomic
def withdraw(grant: RoleGrant, *, by: Any, reason: str) -> None:
    """Raises NotAllowed, RoleWithdrawn."""
    _must_be_another_administrator(by, grant.user)
    held = RoleGrant.objects.select_for_update(no_key=True).get(pk=grant.pk)
    if held.revoked_at is not None:
        raise RoleWithdrawn
    held.revoke(by=by, reason=reason)
    audit.record(by, "role.withdraw", held.user, role=held.role, reason=reason)
    _tell(held, "role_withdrawn", reason)


def _must_be_another_administrator(by: Any, person: User) -> None:
    """All who change roles queue here, so that two administrators cannot take the role from each other at once."""
    if by is None:
        return
    present = RoleGrant.objects.filter(role=RoleGrant.Role.ADMIN, revoked_at=None).order_by("pk")
    admins = {grant.user_id for grant in present.select_for_update(no_key=True)}
    if by.pk not in admins or by.pk == person.pk or not by.has_role(RoleGrant.Role.ADMIN):
        raise NotAllowed


def _tell(grant: RoleGrant, template: str, reason: str) -> None:
    role = RoleGrant.Role(grant.role).label
    notices.tell(f"{template}:{grant.pk}", grant.user, template, {"role": role, "reason": reason})
