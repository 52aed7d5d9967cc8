"""The pages of log-in, sign-up, passwords and second factors, which are allauth's: which are for whom, by its own URL
configuration. A page that a new version brings has no row here and fails the first test.
"""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import cast
from tests.flows.walking import knock
from tests.flows.world import World

pytestmark = pytest.mark.usefixtures("db")

# Whoever asks: what stands in the address is the right, or there is nothing to know.
EVERYBODYS = {
    "account_confirm_email", "account_email_verification_sent", "account_inactive", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
}  # fmt: skip
# Who is logged in has no business there and is led home.
VISITORS = {"account_login", "account_signup"}
# Steps of a log-in that was begun: without one, nobody comes in.
BEGUN = {"account_confirm_login_code", "mfa_authenticate", "mfa_login_webauthn"}
# One's own account and nothing of another's.
HERS = {
    "account_change_password", "account_email", "account_reauthenticate", "account_set_password",
    "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn", "usersessions_list", "mfa_remove_webauthn", "mfa_edit_webauthn",
}  # fmt: skip
LEAVING = {"account_logout"}
# They name a key, after she has confirmed that it is she.
OF_A_KEY = {"mfa_remove_webauthn", "mfa_edit_webauthn"}
KEYS = {"account_confirm_email": ["no-key"], "account_reset_password_from_key": ["x", "no-key"]}


def names(resolver: URLResolver) -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield str(each.name)
        else:
            yield from names(each)


def test_every_page_has_its_row() -> None:
    root = next(each for each in get_resolver().url_patterns if str(each.pattern) == "accounts/")
    rows = [EVERYBODYS, VISITORS, BEGUN, HERS, LEAVING]
    assert set(names(root)) == set().union(*rows)
    assert sum(map(len, rows)) == len(set().union(*rows))


def opened(world: World, person: str, method: str, name: str, key: Authenticator) -> HttpResponse:
    client = Client(raise_request_exception=False)
    if person in world.people:
        client.force_login(world.people[person])
    args = [key.pk] if name in OF_A_KEY else KEYS.get(name)
    if name in OF_A_KEY and person in world.people:
        client.post(reverse("account_reauthenticate"), {"password": cast.PASSWORD})
    return knock(client, method, reverse(name, args=args), b"")


@pytest.mark.parametrize("person", ["anonymous", "Cole", "Sam"])
def test_exactly_these_pages_open(world: World, person: str) -> None:
    """A key in an address is Ada's, which neither Cole nor Sam can name or take away."""
    key = Authenticator.objects.create(user=world.people["Ada"], type="webauthn", data={"name": "Hers"})
    wrong, is_known = [], person in world.people
    for name in sorted(EVERYBODYS | VISITORS | BEGUN | HERS | LEAVING):
        for method in ("GET", "POST"):
            answer = opened(world, person, method, name, key)
            to = answer.headers.get("Location", "")
            is_led_to_log_in = to.startswith(reverse("account_login"))
            if name in EVERYBODYS:
                is_right = answer.status_code in ((200,) if method == "GET" else (200, 404, 405))
            elif name in VISITORS:
                is_right = to == "/" if is_known else answer.status_code == 200
            elif name in LEAVING:
                is_right = to == "/" or is_known and answer.status_code == 200
            elif name in BEGUN:
                is_right = answer.status_code == 302 and (is_known or is_led_to_log_in)
            elif is_known and name in OF_A_KEY:
                is_right = answer.status_code == 404
            else:
                is_right = is_led_to_log_in != is_known and answer.status_code < 500
            if not is_right:
                wrong.append(f"{method} {name}: {answer.status_code} {to}")
    assert not wrong, "\n".join(wrong)
    assert Authenticator.objects.filter(pk=key.pk).exists()
