"""The second factor of staff: without one a role sleeps, and nothing is reached but the pages that set one up.

The factors themselves (codes of an app, keys, codes for emergencies) are allauth's.
"""

import time
from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError, NotAllowed, problem_response

from . import audit, notices
from .models import User
from .sealing import SecondFactorUnreadable

# With these somebody sets a factor up, confirms who she is, or leaves.
OPEN = (
    "/accounts/2fa/", "/accounts/reauthenticate/", "/accounts/logout/", "/accounts/email/", "/accounts/confirm-email/",
    "/account/theme/", "/i18n/", "/staff/second-factor/", "/static/", "/media/", "/healthz", "/readyz", "/metrics",
)  # fmt: skip
# Beside the token, at a dangerous act over the API: the present code.
HEADER = "X-Second-Factor"


class SecondFactorNeeded(DomainError):
    code = "second_factor_needed"
    status = 403
    message = _("People with a role need a second factor. Set one up first.")


class NotConfirmed(DomainError):
    code = "confirmation_needed"
    status = 403
    message = _("Confirm first that it is you: log in again, or send the present code in the header X-Second-Factor.")


class NoSecondFactor(DomainError):
    code = "no_second_factor"
    message = _("This person has no second factor.")


class _SaysWhy(BaseAuthenticateForm):
    """A code of a factor that cannot be read is refused with the way out, as a wrong one is."""

    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except SecondFactorUnreadable as error:
            raise error.as_entry() from error


class CodeForm(_SaysWhy, AuthenticateForm):
    """At log-in, and wherever a code is asked for."""


class CodeAgainForm(_SaysWhy, ReauthenticateForm):
    """Where somebody who is logged in confirms that it is she."""


class StaffSecondFactor:
    """Middleware: whoever holds a role and has no second factor is led to where one is set up, whatever she opens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The session cookie first, as everywhere: visitors' pages ask the database for nobody.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith(OPEN):
            person: Any = request.user
            if person.is_authenticated and person.is_staff and not person.has_second_factor:
                return _led_there(request)
        return self.get_response(request)


def _led_there(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem_response(SecondFactorNeeded())
    return redirect("staff:second_factor")


def others_than(authenticator: Authenticator) -> QuerySet[Authenticator]:
    """The person's other factors that stand alone."""
    every: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=authenticator.user_id)
    return every.exclude(pk=authenticator.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)


def shows(person: User, code: str) -> bool:
    """Whether this is a code of hers now; each is taken once, and too many wrong ones are counted."""
    return bool(code) and bool(CodeForm(user=person, data={"code": code}).is_valid())


def must_be_confirmed(request: Any) -> None:
    """`request` acts for somebody who has shown a moment ago that it is she. Raises NotConfirmed.

    In a browser: logged in with the second factor, or asked again, within KEZHAN_CONFIRMED_S. With a token: the
    present code in a header.
    """
    if getattr(request, "auth", None) is not None:
        if not shows(request.user, request.headers.get(HEADER, "")):
            raise NotConfirmed
        return
    since = time.time() - settings.KEZHAN_CONFIRMED_S
    records = get_authentication_records(request, request.user)
    if not any(one["at"] > since and (one["method"] == "mfa" or one.get("reauthenticated")) for one in records):
        raise NotConfirmed


def must_be_fresh(request: Any) -> None:
    """`request` comes from somebody who logged in, or showed the password again, lately; with a token, who sends the
    present code of her second factor. For what a person does to her own money. Raises NotConfirmed.
    """
    if getattr(request, "auth", None) is not None:
        if not shows(request.user, request.headers.get(HEADER, "")):
            raise NotConfirmed
        return
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    if not any(one["at"] > since for one in get_authentication_records(request, request.user)):
        raise NotConfirmed


def end_what_is_older(*, request: Any, user: User, authenticator: Authenticator, **_signal: Any) -> None:
    """At her first factor: whatever was logged in as her by the password alone ends, but where she has set it up.

    A session from before would hold the role that the factor wakes. The signal comes after the commit: of two factors
    that were set up at once each is asked for with the other there, so it is the one before all others that ends them.
    """
    is_first = not others_than(authenticator).filter(pk__lt=authenticator.pk).exists()
    if authenticator.type != Authenticator.Type.RECOVERY_CODES and is_first:
        _end_sessions(UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key))


def _end_sessions(sessions: QuerySet[UserSession]) -> None:
    Session.objects.filter(session_key__in=sessions.values("session_key")).delete()
    sessions.delete()


@transaction.atomic
def take_away(person: User, *, by: Any, reason: str) -> None:
    """`person` has lost what she logged in with: her factors go, and so does everything that is logged in as her.

    Her role sleeps until she has set up another. Raises NotAllowed (for anybody but another administrator),
    NoSecondFactor.
    """
    if not by.has_role("admin") or by.pk == person.pk:
        raise NotAllowed
    if not Authenticator.objects.filter(user=person).delete()[0]:
        raise NoSecondFactor
    _end_sessions(UserSession.objects.filter(user=person))
    for token in person.api_tokens.filter(revoked_at=None):
        token.revoke()
    event = audit.record(by, "second_factor.take_away", person, reason=reason)
    notices.tell(f"second_factor:{event.pk}", person, "second_factor_taken", {"reason": reason, "at": timezone.now()})
