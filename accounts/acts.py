"""The one door of staff: pages, API and data pages ask it, and no act behind it stays without its audit row.

A request that may change something is watched from the moment that the door opens: what it writes is one transaction,
and if that wrote anything but no audit row, it is taken back and the request fails as the bug that it is. What was
refused (an answer of 400 and more) is taken back as well. An act that commits by itself, since it calls the payment
provider, has its row written before it begins.
"""

import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from marketplace.lib.addresses import address_of, shortened

from . import audit, second_factor
from .models import User

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
LOG = "accounts_auditevent"
# What every request may write: who is logged in, from which device.
UNWATCHED = {"django_session", "usersessions_usersession"}
WRITES = re.compile(r'\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?"?([a-z]\w*)"?', re.IGNORECASE)
# Words that follow UPDATE where it is no statement: FOR UPDATE OF, DO UPDATE SET.
NO_TABLES = {"of", "set", "skip", "nowait"}


class UnrecordedAct(Exception):
    """A bug: staff changed something, and nothing says so. What it changed is taken back."""


class Watch:
    """What one request of staff writes, by table."""

    def __init__(self, person: User, role: str) -> None:
        self.person, self.role = person, role
        self.tables: set[str] = set()
        self.is_one_transaction = False

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        found = {name.lower() for name in WRITES.findall(str(sql))}
        self.tables |= found - NO_TABLES - UNWATCHED
        return execute(sql, params, many, context)

    @property
    def is_unrecorded(self) -> bool:
        return bool(self.tables) and LOG not in self.tables


def admit(request: Any, role: str, *, commits_itself: bool = False, confirmed: bool = False) -> bool:
    """Whether whoever asks holds `role`, or only reads and is an auditor; what the request does is watched.

    `confirmed`: a dangerous act, for people who showed a second factor or the password again a moment ago. Raises
    `second_factor.NotConfirmed`.
    """
    bare: HttpRequest = getattr(request, "_request", request)
    person = request.user
    if not person.is_authenticated:
        return False
    if not person.has_role(role):
        # Auditors open every door, and pass nothing through it.
        return bare.method in SAFE and person.has_role("auditor")
    if bare.method not in SAFE and not hasattr(bare, "staff_act"):
        if confirmed:
            second_factor.must_be_confirmed(request)
        _watch(bare, person, role, commits_itself)
    return True


def _watch(request: Any, person: User, role: str, commits_itself: bool) -> None:
    request.staff_act = watch = Watch(person, role)
    stack: ExitStack = request.staff_acts
    if commits_itself:
        where = resolve(request.path_info)
        audit.record(person, f"door.{str(where.url_name).replace('-', '_')}", "request", at=where.kwargs)
        return
    watch.is_one_transaction = True
    stack.enter_context(transaction.atomic())
    stack.enter_context(connection.execute_wrapper(watch))


class StaffActs:
    """Middleware close around the view: says what is known of the request, and closes what `admit` opened."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with audit.under(audit.Circumstances(shortened(address_of(request)))), ExitStack() as stack:
            request.staff_acts = stack  # type: ignore[attr-defined]
            response = self.get_response(request)
            watch = getattr(request, "staff_act", None)
            if watch is not None and watch.is_one_transaction:
                _settle(watch, response)
        return response


def _settle(watch: Watch, response: HttpResponse) -> None:
    if response.status_code >= 400:
        transaction.set_rollback(True)
    elif watch.is_unrecorded:
        raise UnrecordedAct(f"{sorted(watch.tables)} without an audit row")
