"""The second factor of staff: without it a role sleeps, and dangerous acts ask for it again."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import get_user
from django.core.management import call_command
from django.test import Client, RequestFactory, TestCase
from django.urls import reverse
from django.utils import timezone

from accounts import second_factor
from accounts.models import ApiToken, AuditEvent, User
from accounts.second_factor import NoSecondFactor
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from tests import cast
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

REASON = "Seen on a video call"


@pytest.fixture
def novice(cole: User) -> User:
    """Cole was given a role and has no second factor yet."""
    cole.grant_role("moderator", by=None, reason="hired")
    return User.objects.get(pk=cole.pk)


@pytest.fixture
def max_(db: None) -> User:
    return cast.person("Max", role="admin")


def token(**body: Any) -> Any:
    return Client().post("/api/v1/tokens/", {"password": PASSWORD, **body}, content_type="application/json")


def with_token(plain: str, **headers: str) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Bearer {plain}", **headers}}


class TestWithoutOne:
    def test_a_role_sleeps(self, novice: User) -> None:
        assert not novice.has_role("moderator")
        cast.give_second_factor(novice)
        assert User.objects.get(pk=novice.pk).has_role("moderator")

    @pytest.mark.parametrize("address", ["/", "/moderation/", "/library/", "/admin/", "/account/tokens/"])
    def test_every_page_leads_to_where_one_is_set_up(self, client: Client, novice: User, address: str) -> None:
        client.force_login(novice)
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, "/staff/second-factor/")

    def test_the_api_says_so(self, client: Client, novice: User) -> None:
        client.force_login(novice)
        answer = client.get("/api/v1/me/")
        assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_needed")

    def test_the_way_to_one_and_out_is_open(self, client: Client, novice: User) -> None:
        client.force_login(novice)
        assert client.get("/staff/second-factor/").status_code == 200
        assert client.get("/accounts/2fa/").status_code == 200
        assert client.post("/accounts/logout/").status_code == 302

    def test_learners_and_creators_need_none(self, client: Client, ada: User, lin: User) -> None:
        for person in (ada, lin):
            client.force_login(person)
            assert client.get("/library/").status_code == 200

    def test_codes_for_emergencies_alone_are_none(self, novice: User) -> None:
        Authenticator.objects.create(user=novice, type="recovery_codes", data={"seed": "x", "used_mask": 0})
        assert not User.objects.get(pk=novice.pk).has_second_factor


class TestLoggingIn:
    def test_takes_the_password_and_the_code(self, client: Client, sam: User) -> None:
        answer = client.post("/accounts/login/", {"login": sam.email, "password": PASSWORD})
        assert answer["Location"] == "/accounts/2fa/authenticate/"
        assert client.get("/moderation/").status_code == 302
        assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
        assert client.post("/accounts/2fa/authenticate/", {"code": cast.code()}).status_code == 302
        assert client.get("/moderation/").status_code == 200

    def test_the_data_pages_are_no_second_door(self, client: Client, max_: User) -> None:
        """Django's own log-in there would take the password alone, and try it as often as somebody likes."""
        given = {"username": max_.email, "password": PASSWORD}
        led = client.post("/admin/login/?next=/admin/courses/", given)
        assert led.headers["Location"] == f"{reverse('account_login')}?next=/admin/courses/"
        assert not is_logged_in(client)
        assert client.get("/admin/").status_code == 302
        client.force_login(max_)
        assert client.get("/admin/login/").headers["Location"] == "/admin/"
        changed = client.post("/admin/password_change/", {"old_password": PASSWORD, "new_password1": "x"})
        assert changed.headers["Location"] == reverse("account_change_password")

    def test_who_is_logged_in_and_has_nothing_to_do_there_is_refused(self, client: Client, lin: User) -> None:
        client.force_login(lin)
        assert client.post("/admin/login/", {"username": "max@example.com", "password": PASSWORD}).status_code == 403
        assert int(client.session["_auth_user_id"]) == lin.pk

    def test_over_the_api_too(self, sam: User) -> None:
        assert token(email=sam.email).status_code in (401, 403)
        assert token(email=sam.email, code="000000").status_code in (401, 403)
        code = cast.code()
        plain = token(email=sam.email, code=code).json()["token"]
        assert Client().get("/api/v1/moderation/submissions/", **with_token(plain)).status_code == 200
        assert token(email=sam.email, code=code).status_code in (401, 403), "a code is taken once"

    def test_learners_get_a_token_as_before(self, lin: User) -> None:
        assert token(email=lin.email).status_code == 201

    def test_a_token_from_before_the_factor_opens_nothing(self, cole: User) -> None:
        plain = ApiToken.objects.issue(cole, "old")
        cast.give_role(cole, "moderator")
        assert Client().get("/api/v1/me/", **with_token(plain)).status_code == 401


class TestSessionsFromBefore:
    def log_in(self, person: User) -> Client:
        client = Client()
        client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
        assert is_logged_in(client)
        return client

    def set_up(self, client: Client) -> None:
        """As a person does it: the page shows a secret, her app a code."""
        EmailAddress.objects.update(verified=True)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
        code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
        with TestCase.captureOnCommitCallbacks(execute=True):
            assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302

    def test_end_with_the_first_factor_but_the_one_that_sets_it_up(self, novice: User) -> None:
        old, present = self.log_in(novice), self.log_in(novice)
        self.set_up(present)
        assert present.get("/moderation/").status_code == 200
        assert not is_logged_in(old)
        assert old.get("/moderation/").status_code == 302

    def test_of_others_stay(self, novice: User, lin: User) -> None:
        hers, present = self.log_in(lin), self.log_in(novice)
        self.set_up(present)
        assert is_logged_in(hers)

    def test_a_second_factor_more_ends_nothing(self, novice: User) -> None:
        present = self.log_in(novice)
        self.set_up(present)
        new = Authenticator.objects.create(user=novice, type="webauthn", data={})
        other = Client()
        other.force_login(novice)
        signals.authenticator_added.send(
            sender=Authenticator, request=RequestFactory().get("/"), user=novice, authenticator=new
        )
        assert is_logged_in(other)
        assert is_logged_in(present)

    def test_end_also_when_two_first_factors_are_set_up_at_once(self, novice: User) -> None:
        old, first, second = (self.log_in(novice) for _each in range(3))
        factors = [Authenticator.objects.create(user=novice, type=kind, data={}) for kind in ("totp", "webauthn")]
        for client, factor in zip((first, second), factors, strict=True):  # both are committed before either is heard
            request = RequestFactory().get("/")
            request.session = client.session
            signals.authenticator_added.send(sender=Authenticator, request=request, user=novice, authenticator=factor)
        assert [is_logged_in(client) for client in (old, first, second)] == [False, True, False]


def is_logged_in(client: Client) -> bool:
    return get_user(client).is_authenticated  # type: ignore[arg-type]


class TestChangingIt:
    def test_staff_keep_their_last_one(self, client: Client, sam: User) -> None:
        client.force_login(sam)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        client.post("/accounts/2fa/totp/deactivate/")
        assert User.objects.get(pk=sam.pk).has_second_factor

    def test_learners_may_give_it_up(self, client: Client, lin: User) -> None:
        cast.give_second_factor(lin)
        client.force_login(lin)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
        assert not User.objects.get(pk=lin.pk).has_second_factor
        assert Mail.objects.filter(to=lin.email).exists()
        assert AuditEvent.objects.filter(actor=lin, verb="second_factor.totp_deactivated").exists()


class TestTakingItAway:
    def test_ends_everything_that_is_logged_in_as_her(self, client: Client, sam: User, max_: User) -> None:
        plain = ApiToken.objects.issue(sam, "desk")
        client.post("/accounts/login/", {"login": sam.email, "password": PASSWORD})
        client.post("/accounts/2fa/authenticate/", {"code": cast.code()})
        assert client.get("/moderation/").status_code == 200
        second_factor.take_away(sam, by=max_, reason=REASON)
        assert client.get("/moderation/").status_code == 302
        assert Client().get("/api/v1/me/", **with_token(plain)).status_code == 401
        assert not User.objects.get(pk=sam.pk).has_role("moderator")
        assert AuditEvent.objects.get(verb="second_factor.take_away").facts == {"reason": REASON}
        assert REASON in Mail.objects.get(to=sam.email).text

    def test_is_for_another_administrator(self, sam: User, fay: User, max_: User) -> None:
        for person, by in ((sam, fay), (max_, max_)):
            with pytest.raises(NotAllowed):
                second_factor.take_away(person, by=by, reason=REASON)

    def test_of_nothing_is_refused(self, novice: User, max_: User) -> None:
        with pytest.raises(NoSecondFactor):
            second_factor.take_away(novice, by=max_, reason=REASON)

    def test_on_page_and_api(self, client: Client, sam: User, fay: User, max_: User) -> None:
        client.force_login(max_)
        assert "set up" in client.get(reverse("staff:people")).content.decode()
        client.post(reverse("staff:take_second_factor", args=[sam.pk]), {"reason": REASON})
        assert not User.objects.get(pk=sam.pk).has_second_factor
        answer = client.post(reverse("api-take-second-factor", args=[fay.pk]), {"reason": REASON})
        assert answer.status_code == 204
        assert not User.objects.get(pk=fay.pk).has_second_factor


class TestADangerousAct:
    def act(self, client: Client, sam: User) -> Any:
        return client.post(reverse("staff:take_second_factor", args=[sam.pk]), {"reason": REASON})

    def test_is_asked_for_again_when_she_was_seen_long_ago(
        self, client: Client, sam: User, max_: User, settings: Any
    ) -> None:
        client.force_login(max_)
        with time_machine.travel(timezone.now() + timedelta(seconds=settings.KEZHAN_CONFIRMED_S + 60)):
            answer = self.act(client, sam)
            assert answer["Location"].startswith("/accounts/reauthenticate/")
            assert User.objects.get(pk=sam.pk).has_second_factor
            # She confirms, and what she sent is done.
            client.post(answer["Location"], {"password": PASSWORD})
        assert not User.objects.get(pk=sam.pk).has_second_factor
        assert AuditEvent.objects.filter(actor=max_, verb="second_factor.take_away").exists()

    def test_over_the_api_takes_the_present_code(self, sam: User, max_: User) -> None:
        plain = ApiToken.objects.issue(max_, "desk")
        address = reverse("api-take-second-factor", args=[sam.pk])

        def ask(**headers: str) -> Any:
            body = {"reason": REASON}
            return Client().post(address, body, content_type="application/json", **with_token(plain, **headers))

        assert ask().json()["code"] == "confirmation_needed"
        assert ask(**{"X-Second-Factor": "000000"}).status_code == 403
        assert ask(**{"X-Second-Factor": cast.code()}).status_code == 204


def test_the_sample_s_codes_are_printed(capsys: Any) -> None:
    call_command("sample_code")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == [
        f"{name}@kezhan.example" for name in ("sam", "fay", "sue", "aude", "root")
    ]
    assert all(line[:6].isdecimal() for line in lines)
