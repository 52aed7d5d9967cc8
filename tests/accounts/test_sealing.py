"""Secrets of second factors are unreadable in the tables, and open for whoever has the site's key."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import sealing
from accounts.models import User
from accounts.sealing import SecondFactorUnreadable
from marketplace.lib import env
from tests import cast

pytestmark = pytest.mark.django_db


def kept(person: User, kind: str = "totp") -> dict[str, Any]:
    return Authenticator.objects.get(user=person, type=kind).data


def takes(person: User, code: str) -> bool:
    return bool(TOTP(Authenticator.objects.get(user=person, type="totp")).validate_code(code))


def test_the_secret_of_an_app_is_not_in_the_table_and_its_codes_hold(lin: User) -> None:
    cast.give_second_factor(lin)
    assert cast.SECRET not in str(kept(lin))
    assert kept(lin)["secret"].startswith(sealing.MARK)
    assert takes(lin, cast.code())


def test_a_wrong_code_is_still_none(lin: User) -> None:
    cast.give_second_factor(lin)
    assert not takes(lin, f"{(int(cast.code()) + 1) % 10**6:06}")


def test_the_seed_of_recovery_codes_is_sealed_and_its_codes_hold(lin: User) -> None:
    cast.give_second_factor(lin)
    codes = RecoveryCodes.activate(lin).get_unused_codes()
    assert kept(lin, "recovery_codes")["seed"].startswith(sealing.MARK)
    again = RecoveryCodes(Authenticator.objects.get(user=lin, type="recovery_codes"))
    assert again.get_unused_codes() == codes
    assert again.validate_code(codes[0])


def test_the_same_secret_is_sealed_otherwise_each_time() -> None:
    assert sealing.sealed("a") != sealing.sealed("a")
    assert sealing.opened(sealing.sealed("a")) == "a"


def test_another_site_s_key_opens_nothing(settings: Any) -> None:
    text = sealing.sealed("a")
    settings.SECRET_KEY = "another " * 9
    with pytest.raises(SecondFactorUnreadable):
        sealing.opened(text)


def test_the_key_of_before_still_opens_and_the_present_one_seals(settings: Any) -> None:
    before, text = settings.SECRET_KEY, sealing.sealed("a")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 9, [before]
    assert sealing.opened(text) == "a"
    fresh = sealing.sealed("b")
    settings.SECRET_KEY_FALLBACKS = []
    assert sealing.opened(fresh) == "b"


def test_one_that_an_older_server_wrote_unsealed_works(lin: User) -> None:
    row = TOTP.activate(lin, cast.SECRET).instance
    row.data = {"secret": cast.SECRET}
    row.save()
    assert takes(lin, cast.code())
    codes = Authenticator.objects.create(
        user=lin, type="recovery_codes", data={"migrated_codes": ["11111111"], "used_mask": 0}
    )
    assert RecoveryCodes(codes).get_unused_codes() == ["11111111"]


OTHER = "another " * 9
THE_WAY_OUT = "Ask the staff of the site to take it away."


class TestWhenTheKeyIsLost:
    @pytest.fixture(autouse=True)
    def lost(self, lin: User, settings: Any) -> None:
        cast.give_second_factor(lin)
        RecoveryCodes.activate(lin)
        settings.SECRET_KEY = OTHER

    def test_a_code_is_refused_at_log_in_and_the_page_says_what_to_do(
        self, lin: User, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        client.post("/accounts/login/", {"login": lin.email, "password": cast.PASSWORD})
        answer = client.post("/accounts/2fa/authenticate/", {"code": cast.code()})
        assert answer.status_code == 200
        assert THE_WAY_OUT in answer.content.decode()
        assert ("second_factor_unreadable", "ERROR") in {(row.message, row.levelname) for row in caplog.records}

    def test_confirming_says_so_too(self, lin: User, client: Client) -> None:
        client.force_login(lin)
        answer = client.post("/accounts/2fa/reauthenticate/", {"code": cast.code()})
        assert (answer.status_code, THE_WAY_OUT in answer.content.decode()) == (200, True)

    def test_the_api_takes_no_code(self, lin: User, client: Client) -> None:
        body = {"email": lin.email, "password": cast.PASSWORD, "code": cast.code()}
        assert client.post("/api/v1/tokens/", body, content_type="application/json").status_code in (401, 403)

    @pytest.mark.parametrize("page", ["", "generate/", "download/"])
    def test_pages_of_recovery_codes_refuse_with_the_way_out(self, lin: User, client: Client, page: str) -> None:
        confirmed(client, lin)
        answer = client.get(f"/accounts/2fa/recovery-codes/{page}")
        assert (answer.status_code, THE_WAY_OUT in answer.content.decode()) == (409, True)

    def test_the_list_of_factors_stands(self, lin: User, client: Client) -> None:
        client.force_login(lin)
        assert client.get("/accounts/2fa/").status_code == 200


def confirmed(client: Client, person: User) -> None:
    client.force_login(person)
    client.post("/accounts/reauthenticate/", {"password": cast.PASSWORD})


class TestSealingAnew:
    def test_every_secret_opens_without_the_key_of_before(self, lin: User, settings: Any, capsys: Any) -> None:
        cast.give_second_factor(lin)
        codes = RecoveryCodes.activate(lin).get_unused_codes()
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER, [settings.SECRET_KEY]
        call_command("seal_second_factors")
        assert "2 are sealed" in capsys.readouterr().out
        settings.SECRET_KEY_FALLBACKS = []
        assert takes(lin, cast.code())
        assert RecoveryCodes.activate(lin).get_unused_codes() == codes

    def test_what_stood_in_the_clear_is_sealed(self, lin: User) -> None:
        row = TOTP.activate(lin, cast.SECRET).instance
        codes = {"migrated_codes": ["11111111"], "used_mask": 0}
        Authenticator.objects.create(user=lin, type="recovery_codes", data=codes)
        Authenticator.objects.filter(pk=row.pk).update(data={"secret": cast.SECRET})
        call_command("seal_second_factors")
        assert cast.SECRET not in str(kept(lin))
        assert "11111111" not in str(kept(lin, "recovery_codes"))
        assert takes(lin, cast.code())

    def test_one_that_no_key_opens_stays_and_the_command_fails(self, lin: User, ada: User, settings: Any) -> None:
        cast.give_second_factor(lin)
        before, settings.SECRET_KEY = kept(lin), OTHER
        cast.give_second_factor(ada)
        with pytest.raises(CommandError, match="1 cannot be read"):
            call_command("seal_second_factors")
        assert kept(lin) == before
        assert takes(ada, cast.code()), "the others are sealed all the same"


class TestKeysOfBefore:
    def test_stand_between_commas(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KEYS", f"{'a' * 50}, {'b' * 50}")
        assert env.keys("KEYS") == ["a" * 50, "b" * 50]

    def test_one_with_a_comma_in_it_stops_the_start(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KEYS", f"{'a' * 50},{'b' * 20},{'b' * 29}")
        with pytest.raises(ImproperlyConfigured, match="KEYS: number 2, 3 of 3 .* a key with a comma in it"):
            env.keys("KEYS")
