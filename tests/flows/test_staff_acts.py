"""Every address that lets staff change something: it has the one door, and what it changes has an audit row."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import AuditEvent
from tests.flows.test_bad_input import operations
from tests.flows.test_doors import NAMES, STAFF, allowed
from tests.flows.walking import address, form, knock, methods, taken_back
from tests.flows.world import World

pytestmark = pytest.mark.usefixtures("db")

UNSAFE = ("POST", "PATCH", "PUT", "DELETE")
# They show what an act would do.
LOOKS = {
    "api-moderation-weigh",
    "api-moderation-weigh-claim",
    "api-moderation-weigh-reversal",
    "api-moderation-weigh-lift",
    "api-moderation-weigh-answer",
    "moderation:add_word",
    "api-moderation-preview-word",
    "api-payout-run-preview",
    "api-revenue-rule-simulation",
}


def who_may(name: str, method: str) -> str | None:
    """The person of staff whose role opens it; None where others come in too."""
    people = allowed(name, method)
    return people[0] if people and set(people) <= STAFF else None


def test_every_one_of_them_has_the_door_of_staff(world: World) -> None:
    clients, seen, without = logged_in(world), 0, []
    for name in NAMES:
        for method in set(UNSAFE) & set(methods(name)):
            if (who := who_may(name, method)) is None:
                continue
            answer = knock(clients[who], method, address(world, name), form(world, name))
            if answer.status_code == 405:
                continue
            seen += 1
            if not hasattr(answer.wsgi_request, "staff_act"):  # type: ignore[attr-defined]
                without.append(f"{method} {name}: {answer.status_code}")
    assert not without, "\n".join(without)
    assert seen > 90


def test_what_comes_of_them_has_its_row(world: World) -> None:
    """Each with a body that is as it should be; what is refused all the same has changed nothing."""
    clients, done, without = logged_in(world), set(), []
    for operation in operations(world):
        if operation.method not in UNSAFE or who_may(operation.name, operation.method) is None:
            continue
        answer, rows = counted(clients[operation.who], operation)
        if answer.status_code >= 400:
            assert not rows or answer.wsgi_request.staff_act.is_one_transaction is False
        elif rows:
            done.add(operation.name)
        elif operation.name not in LOOKS:
            without.append(f"{operation.method} {operation.address}: {answer.status_code}")
    assert not without, "\n".join(without)
    assert len(done) > 15, done


def counted(client: Client, operation: Any) -> tuple[HttpResponse, int]:
    before = AuditEvent.objects.count()
    with taken_back():
        body = json.dumps(operation.body).encode()
        answer = client.generic(operation.method, operation.address, body, "application/json")
        return answer, AuditEvent.objects.count() - before  # type: ignore[return-value]


def logged_in(world: World) -> dict[str, Client]:
    clients = {who: Client(raise_request_exception=False) for who in STAFF}
    for who, client in clients.items():
        client.force_login(world.people[who])
    return clients
