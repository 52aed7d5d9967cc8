"""Doors of pages: who may come in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from . import acts

View = Callable[..., HttpResponse]


def role_required(role: str, *, commits_itself: bool = False) -> Callable[[View], View]:
    """Only people who hold `role`; a stranger is asked to log in, others get 403. Acts are watched (`acts.admit`)."""

    def decorate(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not acts.admit(request, role, commits_itself=commits_itself):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
