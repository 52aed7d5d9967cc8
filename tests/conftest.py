"""Fixtures that every test may ask for."""

import math
from typing import Any

import hypothesis
import pytest
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.dispatch import receiver
from django.utils import translation

from accounts.models import User
from marketplace.lib import window
from operating import foot, held, look, mail_words, switches
from tests import cast, flush
from tests.mutants.mutant import spoil_database

# No test is timed: a machine that is busy would fail it.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    flush.open_door()
    flush.make_nothing_anew()
    with django_db_blocker.unblock():
        spoil_database()


@pytest.fixture(autouse=True)
def _empty_valkey() -> None:
    """No count, cache entry or unrung bell of the test before: clearing the cache empties the worker's number whole."""
    cache.clear()
    window.forget()
    # Nobody has decided anything, and every process knows that already: what tests count are the questions of a page.
    for name, nothing in ((foot.NAME, ("0.0", [])), (look.NAME, {}), (switches.NAME, {}), (mail_words.NAME, {})):
        held.believe(name, nothing, math.inf, math.inf)


@pytest.fixture(autouse=True)
def _in_nobody_s_language() -> None:
    """A page that the test before asked for in Chinese leaves its language in the thread."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def _contract_everywhere(settings: Any) -> None:
    """Whatever a test is about: Stripe's own OpenAPI file looks at what is sent and at what the sandbox answers."""
    settings.PAYMENTS_HTTP_CLIENT = "tests.payments.stripe_spec.ContractTransport"


@receiver(user_logged_in)
def _has_just_shown_her_second_factor(request: Any, user: User, **kwargs: Any) -> None:
    """`Client.force_login` is a log-in with everything; one through the pages is what it is."""
    if request.method is None:
        record_authentication(request, user, method="mfa", type="totp")


@pytest.fixture
def ada(db: None) -> User:
    return cast.ada()


@pytest.fixture
def lin(db: None) -> User:
    return cast.lin()


@pytest.fixture
def cole(db: None) -> User:
    return cast.cole()


@pytest.fixture
def sam(db: None) -> User:
    return cast.sam()


@pytest.fixture
def fay(db: None) -> User:
    return cast.fay()
