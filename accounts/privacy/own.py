"""What accounts itself tells of a person and forgets: log-ins, addresses, tokens, mails, what she did with power."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEvent, Notice, RecordExport, User
from marketplace.lib.emails import Mail

from . import parts

ACT = ("verb", "target", "facts", "at", "roles", "address", "request_id")


def tell(person: User) -> parts.Told:
    account = User.objects.filter(pk=person.pk)
    return parts.Told({
        "account": list(account.values("id", "email", "name", "language", "time_zone", "currency", "joined_at")),
        "addresses": list(EmailAddress.objects.filter(user=person).values("email", "verified", "primary")),
        "roles": list(person.role_grants.values("role", "granted_at", "reason", "revoked_at", "revoke_reason")),
        "tokens": list(person.api_tokens.values("label", "issued_at", "revoked_at")),
        "devices": list(_devices(person).values("ip", "user_agent", "created_at", "last_seen_at")),
        "two_step_login": list(Authenticator.objects.filter(user=person).values("type", "created_at", "last_used_at")),
        "acts": list(AuditEvent.objects.filter(actor=person).values(*ACT)),
        "measures": list(person.curbs.values("kind", "rule_code", "reason", "imposed_at", "lifted_at", "lift_reason")),
        "seen_by_staff": list(person.seen_by_staff.values("began_at", "ends_at", "reason")),
        "notices": [_as_told(notice) for notice in Notice.objects.of(person)],
        "mails": list(_confirmed_mails(person).values("subject", "text", "posted_at")),
    })  # fmt: skip


def _as_told(notice: Notice) -> dict[str, Any]:
    told = {"kind": notice.kind, "told_at": notice.told_at, "read_at": notice.read_at}
    return {**told, "title": notice.title, "text": notice.text}


def holds(person: User) -> list[str | Promise]:
    """Whoever has power over others gives it back first, so that the row says who took it and why."""
    return [_("You hold a role on this site. Have it taken back first.")] if person.roles else []


def forget(person: User) -> None:
    _mails(person).delete()
    Session.objects.filter(session_key__in=_devices(person).values("session_key")).delete()
    about = Q(user=person) | Q(content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk))
    LogEntry.objects.filter(about).delete()
    own: list[QuerySet[Any]] = [
        _devices(person), Authenticator.objects.filter(user=person), EmailAddress.objects.filter(user=person),
        person.api_tokens.all(), Notice.objects.of(person),
    ]  # fmt: skip
    for rows in own:
        rows.delete()
    RecordExport.objects.of(person).remove()


def _devices(person: User) -> QuerySet[UserSession]:
    found: QuerySet[UserSession] = UserSession.objects.filter(user=person)
    return found


def _mails(person: User) -> QuerySet[Mail]:
    """To any of her addresses, sent or still waiting."""
    return _to([person.email, *EmailAddress.objects.filter(user=person).values_list("email", flat=True)])


def _confirmed_mails(person: User) -> QuerySet[Mail]:
    """To addresses that are hers: who signed up with another's reads neither its invitations nor the link that would
    confirm it.
    """
    return _to(EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True))


def _to(addresses: Iterable[str]) -> QuerySet[Mail]:
    to = Q(pk__in=[])
    for address in addresses:
        to |= Q(to__iexact=address)
    return Mail.objects.filter(to)


parts.register(parts.Part("accounts", tell, forget, holds))
