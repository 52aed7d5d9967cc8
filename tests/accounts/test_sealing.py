"""Secrets of second factors are unreadable in the tables, and open for whoever has the site's key."""

from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import InvalidToken
from django.apps import apps

from accounts import sealing
from accounts.models import User
from tests import cast

pytestmark = pytest.mark.django_db
migration = import_module("accounts.migrations.0011_second_factors_sealed")


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
    with pytest.raises(InvalidToken):
        sealing.opened(text)


def test_the_key_of_before_still_opens_and_the_present_one_seals(settings: Any) -> None:
    before, text = settings.SECRET_KEY, sealing.sealed("a")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 9, [before]
    assert sealing.opened(text) == "a"
    fresh = sealing.sealed("b")
    settings.SECRET_KEY_FALLBACKS = []
    assert sealing.opened(fresh) == "b"


def test_rows_of_before_work_are_sealed_by_the_migration_and_opened_when_it_is_taken_back(lin: User) -> None:
    row = TOTP.activate(lin, cast.SECRET).instance
    row.data = {"secret": cast.SECRET}
    row.save()
    codes = Authenticator.objects.create(
        user=lin, type="recovery_codes", data={"migrated_codes": ["11111111"], "used_mask": 0}
    )
    assert takes(lin, cast.code()), "unsealed, as an older server wrote it"
    for _again in range(2):
        migration.seal(apps, None)
    assert cast.SECRET not in str(kept(lin))
    codes.refresh_from_db()
    assert "11111111" not in str(codes.data)
    assert RecoveryCodes(codes).get_unused_codes() == ["11111111"]
    migration.open_again(apps, None)
    assert kept(lin) == {"secret": cast.SECRET}
