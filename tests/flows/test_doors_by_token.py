"""Programs with a token: over the API a token opens what its person may, without her second factor no dangerous act of
staff, and no page at all. Tokens have no narrower scopes and no end of their own; one that was revoked, whose person
has left or got a second factor after it, opens nothing.
"""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from accounts.models import ApiToken, User
from accounts.second_factor import HEADER
from tests import cast
from tests.flows.test_doors import NAMES, may
from tests.flows.walking import address, form, is_of_api, is_refused, knock, methods
from tests.flows.world import World

pytestmark = pytest.mark.usefixtures("db")

# Beside the token they ask for the present code of the second factor.
CONFIRMED = {
    "POST api-roles", "POST api-withdraw-role", "POST api-take-second-factor", "POST api-month-close",
    "POST api-payout-approve", "POST api-year-issue", "POST api-year-file", "POST api-moderation-approve-refund",
    "POST api-payout-rails", "POST api-bank-details-confirm", "POST api-tax-payments",
    "POST api-payouts-turn-back", "POST api-payout-return-confirm",
    "POST api-finance-ways", "PATCH api-finance-way", "POST api-finance-way-approve",
    "POST api-arrivals", "POST api-arrival-match",
    "POST api-arrival-confirm", "POST api-arrival-effect", "POST api-hand-refund-sent",
    "POST api-staff-page-publish", "POST api-staff-page-withdraw", "POST api-switch-turn", "POST api-looks",
    "POST api-look-again", "POST api-mail",
}  # fmt: skip
# So does this one of a creator's, for whom a second factor is her own choice.
CONFIRMED_BY_CREATORS = {"POST api-bank-account"}
# Whatever the token is: here nobody is asked who she is.
ASK_NOBODY = {"api-docs", "api-sign-up", "api-tokens"}


def over_api() -> Iterator[tuple[str, str]]:
    for name in filter(is_of_api, NAMES):
        yield from ((name, method) for method in methods(name))


def asks(world: World, name: str, method: str, plain: str, **headers: str) -> HttpResponse:
    client = Client(raise_request_exception=False)
    headers["Authorization"] = f"Bearer {plain}"
    return knock(client, method, address(world, name), form(world, name), **headers)


def token_of(person: User) -> str:
    return ApiToken.objects.issue(User.objects.get(pk=person.pk), "Hers")


@pytest.mark.parametrize("person", ["Max", "Ada", "Lin", "Aude"])
def test_a_token_opens_what_its_person_may_and_no_dangerous_act(world: World, person: str) -> None:
    wrong, plain = [], token_of(world.people[person])
    for name, method in over_api():
        answer = asks(world, name, method, plain)
        should = may(person, name, method) and f"{method} {name}" not in CONFIRMED | CONFIRMED_BY_CREATORS
        if answer.status_code >= 500 or is_refused(answer) == should:
            wrong.append(f"{method} {name}: {answer.status_code} {answer.content[:80]!r}")
    assert not wrong, "\n".join(wrong)


def test_with_the_present_code_it_opens_those_as_well(world: World) -> None:
    plain = token_of(world.people["Max"])
    for told in sorted(CONFIRMED):
        method, _, name = told.partition(" ")
        assert asks(world, name, method, plain).json()["code"] == "confirmation_needed", told
        cache.clear()  # the code of this moment was not shown before
        assert not is_refused(asks(world, name, method, plain, **{HEADER: cast.code()})), told


def test_a_token_opens_no_page(world: World) -> None:
    wrong, plain = [], token_of(world.people["Max"])
    for name in NAMES:
        if is_of_api(name):
            continue
        for method in methods(name):
            answer = asks(world, name, method, plain)
            if answer.status_code != 405 and is_refused(answer) == may("anonymous", name, method):
                wrong.append(f"{method} {name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def revoked(world: World) -> str:
    plain = token_of(world.people["Max"])
    ApiToken.objects.get(user=world.people["Max"]).revoke()
    return plain


def of_somebody_who_left(world: World) -> str:
    plain = token_of(world.people["Ada"])
    User.objects.get(pk=world.people["Ada"].pk).become_nobody()
    return plain


def older_than_the_second_factor(world: World) -> str:
    person = cast.person("Noa")
    plain = token_of(person)
    cast.give_role(person, "admin")
    return plain


@pytest.mark.parametrize("makes", [revoked, of_somebody_who_left, older_than_the_second_factor])
def test_a_token_that_is_over_opens_nothing(world: World, makes: Callable[[World], str]) -> None:
    plain = makes(world)
    opened = {name for name, method in over_api() if asks(world, name, method, plain).status_code != 401}
    assert opened == ASK_NOBODY
