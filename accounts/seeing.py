"""Seeing pages as somebody else does: read-only, for a while, always with a banner, told to the person.

Only pages of the list below are shown, none of money or of an account, and none that plays films (that would count as
her watching). Each page is an audit row before it is drawn, and is drawn inside a transaction that cannot write.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _

from marketplace.lib import links
from marketplace.lib.errors import DomainError, NotAllowed

from . import audit, notices
from .models import Seeing, User

KEY = "seeing"
SHOWN = {
    "home", "courses:catalogue", "courses:detail", "creators:detail", "learners:library",
    "learners:certificates", "studio:courses", "studio:edit", "studio:curriculum", "studio:lesson",
    "studio:publish", "rules:book", "rules:rule",
}  # fmt: skip
# These stay her own.
HERS = ("/staff/see-as/", "/i18n/", "/accounts/logout/", "/accounts/reauthenticate/", "/account/theme/")


class NotShown(DomainError):
    code = "not_shown"
    status = 403
    message = _("This is not shown while you see the site as somebody else. Stop first.")


class NotSeenAs(DomainError):
    code = "not_seen_as"
    status = 403
    message = _("Nobody sees the site as somebody who holds a role.")


@transaction.atomic
def begin(person: User, *, by: Any, reason: str) -> Seeing:
    """Raises NotAllowed, NotSeenAs. The person gets a mail."""
    if not by.has_role("seeing") or by.pk == person.pk or not person.is_active:
        raise NotAllowed
    if person.is_staff:
        raise NotSeenAs
    made = Seeing.objects.begin(by=by, person=person, reason=reason)
    audit.record(by, "seeing.begin", person, seeing=made.pk, reason=reason)
    context = {
        "reason": reason,
        "ends_at": made.ends_at,
        "action_url": links.absolute(reverse("accounts:privacy")),
        "action_label": _("To your data"),
    }
    notices.tell(f"seeing:{made.pk}", person, "seen_as", context)
    return made


def present(request: Any) -> Seeing | None:
    """What the one of staff who asks began and has not stopped, while its time runs."""
    if not (request.user.is_authenticated and request.user.is_staff and KEY in request.session):
        return None
    rows = Seeing.objects.open().select_related("person")
    found = rows.filter(pk=request.session[KEY], by=request.user, person__is_active=True, person__is_staff=False)
    seeing = found.first()
    if seeing is None or not request.user.has_role("seeing"):
        del request.session[KEY]
        return None
    return seeing


class SeeingAs:
    """The innermost middleware: the view sees the person, everything around it the one who looks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = getattr(request, "user", None)
        # Whoever has no session is asked nothing, as everywhere.
        if not request.COOKIES or user is None or not hasattr(request, "session") or request.path.startswith(HERS):
            return self.get_response(request)
        if not request.session.get(KEY) or (seeing := present(request)) is None:
            return self.get_response(request)
        request.seeing = seeing  # type: ignore[attr-defined]
        if request.method not in ("GET", "HEAD") or _name_of(request) not in SHOWN:
            return render(request, "403.html", {"refusal": NotShown()}, status=403)
        audit.record(user, "seeing.page", seeing.person, seeing=seeing.pk, path=request.path[:200])
        return self._drawn(request, seeing.person)

    def _drawn(self, request: HttpRequest, person: User) -> HttpResponse:
        request.user = person
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            return self.get_response(request)


def _name_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
