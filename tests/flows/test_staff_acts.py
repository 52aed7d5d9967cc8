"""Every address that lets staff change something: it has the one door, and what it changes has an audit row."""

import json
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from accounts.models import AuditEvent
from tests import cast
from tests.flows.test_bad_input import operations
from tests.flows.test_doors import MAY, NOBODY, NOT_FOR_ROOT, addresses, allowed, form, knock
from tests.flows.world import World, make_world

pytestmark = pytest.mark.django_db

STAFF = {"Sam", "Fay"}
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


@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    world.people["Max"] = cast.person("Max", role="admin")
    return world


def who_may(name: str, method: str) -> str | None:
    """The person of staff whose role opens it; None where others come in too."""
    people = allowed(name, method)
    if not people and f"{method} {name}" not in MAY and MAY.get(name) == NOBODY and name not in NOT_FOR_ROOT:
        return "Max"
    return people[0] if people and set(people) <= STAFF else None


def test_every_one_of_them_has_the_door_of_staff(world: World) -> None:
    seen, without = 0, []
    for name, address in addresses(world):
        for method in UNSAFE if address.startswith("/api/") else ("POST",):
            if (who := who_may(name, method)) is None:
                continue
            client = Client(raise_request_exception=False)
            client.force_login(world.people[who])
            answer = knock(client, method, address, form(world, name) or b"{}")
            if answer.status_code == 405:
                continue
            seen += 1
            if not hasattr(answer.wsgi_request, "staff_act"):  # type: ignore[attr-defined]
                without.append(f"{method} {name}: {answer.status_code}")
    assert not without, "\n".join(without)
    assert seen > 90


def test_what_comes_of_them_has_its_row(world: World) -> None:
    """Each with a body that is as it should be; what is refused all the same has changed nothing."""
    done, without = set(), []
    names = {address.partition("?")[0]: name for name, address in addresses(world)}
    for operation in operations(world):
        if operation.method not in ("POST", "PATCH", "DELETE") or operation.who not in STAFF:
            continue
        if not set(allowed(names[operation.address], operation.method)) <= STAFF:
            continue
        answer, rows = counted(world, operation)
        if answer.status_code >= 400:
            assert not rows or answer.wsgi_request.staff_act.is_one_transaction is False
        elif rows:
            done.add(names[operation.address])
        elif names[operation.address] not in LOOKS:
            without.append(f"{operation.method} {operation.address}: {answer.status_code}")
    assert not without, "\n".join(without)
    assert len(done) > 15, done


def counted(world: World, operation: Any) -> tuple[HttpResponse, int]:
    before = AuditEvent.objects.count()
    block: Any = transaction.atomic()
    block._from_testcase = True
    with block:
        client = Client(raise_request_exception=False)
        client.force_login(world.people[operation.who])
        body = json.dumps(operation.body).encode()
        answer = client.generic(operation.method, operation.address, body, "application/json")
        rows = AuditEvent.objects.count() - before
        transaction.set_rollback(True)
    return answer, rows
