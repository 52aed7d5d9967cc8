"""Doors of pages: who may come in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from . import acts
from .second_factor import NotConfirmed

View = Callable[..., HttpResponse]


def role_required(role: str, *, commits_itself: bool = False, confirmed: bool = False) -> Callable[[View], View]:
    """Only people who hold `role`; a stranger is asked to log in, others get 403. Acts are watched (`acts.admit`).

    Who must confirm that it is she is led there and back: what she sent waits meanwhile.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                if not acts.admit(request, role, commits_itself=commits_itself, confirmed=confirmed):
                    raise PermissionDenied
                return view(request, *args, **kwargs)
            except NotConfirmed:
                raise ReauthenticationRequired from None

        return guarded

    return decorate
