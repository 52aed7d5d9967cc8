"""The walks through the doors share one world: it is built once a module (and worker), and each test gives it back as
it was.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import translation

from marketplace.lib import window
from tests.flows.walking import taken_back
from tests.flows.world import World, make_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Not for tests with the mark django_db: those have a transaction of their own."""
    cache.clear()
    window.forget()
    translation.deactivate()
    with django_db_blocker.unblock(), taken_back():
        yield make_world()


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
