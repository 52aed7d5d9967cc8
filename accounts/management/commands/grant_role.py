"""Give somebody a role, or take it back; the row says why."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import roles
from accounts.models import RoleGrant, User


class Command(BaseCommand):
    help = "Give the person with this e-mail address a role (moderator, finance, admin); --revoke takes it back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=RoleGrant.Role.values)
        parser.add_argument("--reason", required=True, help="why; it stays on record")
        parser.add_argument("--revoke", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"There is no account with the address {options['email']}.")
        if not options["revoke"]:
            try:
                roles.give(user, options["role"], by=None, reason=options["reason"])
            except roles.RoleHeldAlready as refusal:
                raise CommandError(str(refusal)) from None
            return
        grant = user.role_grants.filter(role=options["role"], revoked_at=None).first()
        if grant is None:
            raise CommandError(f"{user.email} does not hold the role {options['role']}.")
        roles.withdraw(grant, by=None, reason=options["reason"])
