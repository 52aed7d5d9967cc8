"""What a person whose account is suspended, or who may not write, can still do: what is hers stays hers.

Suspended, an account reads everything as before; of what changes something only the names below are open, so that
whatever is added later is closed until somebody thinks of it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import NotAllowed, problem_response

from .models import AccountCurb

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
# Learning what she has, her own data and settings, leaving.
OPEN_SPACES = ("learners", "notices", "accounts")
OPEN_PREFIXES = ("account_", "mfa_", "usersessions_")
OPEN = {
    "set_language", "reports:appeal", "reports:answer_flag", "payments:take_back",
    # What she pays goes on: she may end it, and have what it opens.
    "payments:cancel_membership", "payments:take_month_back", "payments:open_by_membership", "api-membership-cancel",
    "api-membership-take-back", "api-open-by-membership",
    "api-appeal", "api-answer-flag",
    "api-take-back", "api-records", "api-record", "api-deletion", "api-tokens", "api-me", "api-notices-read",
    "api-notice-read", "api-notes", "api-note", "api-attempts", "api-attempt", "api-attempt-answers",
    "api-attempt-submit", "api-review", "api-goal", "api-lesson-playback", "api-lesson-read", "api-certificates",
    "community:question_mails", "api-question-mails",
    "api-draft", "api-draft-files", "api-draft-file", "api-hand-ins", "api-hand-in-appeal",
    # A dispute goes on by its clocks, and over her income: she is heard in it.
    "rights:counter", "rights:go_on", "rights:withdraw", "api-rights-counter", "api-rights-go-on",
    "api-rights-withdraw",
    "api-course-news", "api-course-certificate", "api-certificate", "api-change-mails", "api-news", "discovery:news",
}  # fmt: skip
# Of those spaces, what is not hers alone: new rights, words and marks that reach others, acts of staff.
CLOSED = {
    "learners:enroll", "learners:report_outdated", "learners:show_skills", "learners:assess",
    "learners:revoke_certificate",
}  # fmt: skip

# Names that are open to whom the function says: apps above know of reasons that this one cannot.
_open_to: list[tuple[frozenset[str], Callable[[Any], bool]]] = []


class AccountRests(NotAllowed):
    code = "account_rests"
    message = _("Your account is suspended. What you bought stays yours, and you can take your data, and appeal.")


class MayNotWrite(NotAllowed):
    code = "may_not_write"
    message = _(
        "A moderator has decided that you may not write to others for now. Your decisions say why and until when."
    )


class Resting:
    """Middleware: of a suspended account nothing comes in but what is open to it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The session cookie first, as everywhere; the row of the person is read already.
        if request.method not in SAFE and settings.SESSION_COOKIE_NAME in request.COOKIES:
            person: Any = request.user
            if person.is_authenticated and is_closed(person, request):
                return _refused(request)
        return self.get_response(request)


def is_closed(person: Any, request: Any) -> bool:
    """Whether this request would change something that is closed to her."""
    return person.rests_since is not None and request.method not in SAFE and not _is_open(request.path_info, person)


def open_to(names: Iterable[str], whom: Callable[[Any], bool]) -> None:
    """Leave these names open as well to a suspended person of whom `whom` is true."""
    _open_to.append((frozenset(names), whom))


def must_be_free_to_write(person: Any) -> None:
    """Asked where somebody's words or marks reach others. Raises MayNotWrite."""
    if AccountCurb.objects.open().of(person).exists():
        raise MayNotWrite


def _is_open(path: str, person: Any) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return True
    name = match.view_name
    if name in CLOSED:
        return False
    if name in OPEN or match.namespace in OPEN_SPACES or name.startswith(OPEN_PREFIXES):
        return True
    return any(name in names and whom(person) for names, whom in _open_to)


def _refused(request: HttpRequest) -> HttpResponse:
    refusal = AccountRests()
    if request.path.startswith("/api/"):
        return problem_response(refusal)
    return render(request, "403.html", {"refusal": refusal}, status=refusal.status)
