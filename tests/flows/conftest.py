"""The walks through the doors share one world: a worker builds it once, for as long as its next test is a walk too, and
each test gives it back as it was.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import translation

from accounts.models import User
from marketplace.lib import window
from tests.flows.walking import taken_back
from tests.flows.world import World, make_world

HERE = Path(__file__).parent
# The world that stands in this worker's database, and what takes it down.
_standing: list[tuple[World, ExitStack]] = []


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> World:
    """Not for tests with the mark django_db: those have a transaction of their own."""
    if not _standing:
        _build(django_db_blocker)
    built, _end = _standing[0]
    # What a module does to the people whom it was given stays with it.
    people = User.objects.in_bulk([person.pk for person in built.people.values()])
    return World({name: people[person.pk] for name, person in built.people.items()}, dict(built.objects))


def _build(blocker: Any) -> None:
    cache.clear()
    window.forget()
    translation.deactivate()
    with ExitStack() as stack:
        stack.enter_context(blocker.unblock())
        stack.enter_context(taken_back())
        _standing.append((make_world(), stack.pop_all()))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Before a test that finds the database empty, the world is gone."""
    try:
        return (yield)
    finally:
        if not _walks(nextitem):
            while _standing:
                _standing.pop()[1].close()


def _walks(item: pytest.Item | None) -> bool:
    return item is not None and HERE in item.path.parents and not item.get_closest_marker("django_db")


@pytest.fixture
def db(request: pytest.FixtureRequest) -> Iterator[None]:
    """As everywhere for tests with the mark; for the others, what happens in the world of their module stays there."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("_django_db_helper")
        yield
        return
    request.getfixturevalue("world")
    with taken_back():
        yield
