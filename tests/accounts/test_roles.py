"""Roles: given and taken back by another administrator, for a reason that stays."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts import roles
from accounts.models import AuditEvent, RoleGrant, User
from accounts.roles import RoleHeldAlready, RoleWithdrawn
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from tests import cast
from tests.faults.taken_away import meeting, taken_away
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
REASON = "Hired for reviews"


@pytest.fixture
def max_(db: None) -> User:
    return cast.person("Max", role="admin")


class TestGiving:
    def test_is_a_row_an_audit_row_and_a_mail(self, cole: User, max_: User) -> None:
        grant = roles.give(cole, "moderator", by=max_, reason=REASON)
        assert (grant.granted_by, grant.reason) == (max_, REASON)
        assert AuditEvent.objects.get(verb="role.give").facts == {"role": "moderator", "reason": REASON}
        assert REASON in Mail.objects.get(to=cole.email).text
        assert not User.objects.get(pk=cole.pk).has_role("moderator"), "it sleeps without a second factor"

    def test_is_for_another_administrator(self, cole: User, sam: User, max_: User) -> None:
        for person, by in ((cole, sam), (cole, cole), (max_, max_)):
            with pytest.raises(NotAllowed):
                roles.give(person, "finance", by=by, reason=REASON)

    def test_twice_is_refused(self, sam: User, max_: User) -> None:
        with pytest.raises(RoleHeldAlready):
            roles.give(sam, sam.role_grants.get().role, by=max_, reason=REASON)


class TestTakingBack:
    def test_ends_it_at_once_and_stays_on_record(self, sam: User, max_: User) -> None:
        grant = sam.role_grants.get()
        roles.withdraw(grant, by=max_, reason="Left")
        assert not User.objects.get(pk=sam.pk).has_role("moderator")
        grant.refresh_from_db()
        assert (grant.revoked_by, grant.revoke_reason) == (max_, "Left")
        assert AuditEvent.objects.filter(verb="role.withdraw").exists()
        with pytest.raises(RoleWithdrawn):
            roles.withdraw(grant, by=max_, reason="Left")

    def test_is_never_of_one_s_own(self, max_: User) -> None:
        with pytest.raises(NotAllowed):
            roles.withdraw(max_.role_grants.get(), by=max_, reason="Tired")

    @pytest.mark.parametrize("change", [{"reason": "x"}, {"role": "admin"}, {"revoked_at": None}, "delete"])
    def test_the_database_keeps_a_grant_as_it_was(self, sam: User, change: Any) -> None:
        rows = RoleGrant.objects.filter(user=sam)
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            rows._raw_delete("default") if change == "delete" else rows.update(**change)


class TestDoors:
    def test_the_page_gives_and_takes_back(self, client: Client, cole: User, max_: User) -> None:
        client.force_login(max_)
        asked = {"person": "nobody@example.com", "role": "finance", "reason": REASON}
        assert client.post(reverse("staff:give_role"), asked).status_code == 422
        assert client.post(reverse("staff:give_role"), {**asked, "person": cole.email}).status_code == 302
        grant = cole.role_grants.get()
        assert REASON in client.get(reverse("staff:people")).content.decode()
        assert client.post(reverse("staff:withdraw_role", args=[grant.pk]), {"reason": "Left"}).status_code == 302
        assert not User.objects.get(pk=cole.pk).is_staff

    def test_the_api_gives_lists_and_takes_back(self, client: Client, cole: User, max_: User) -> None:
        client.force_login(max_)
        body = {"person": cole.email, "role": "moderator", "reason": REASON}
        answer = client.post(reverse("api-roles"), body, content_type="application/json")
        assert (answer.status_code, answer.json()["person"]) == (201, cole.email)
        again = client.post(reverse("api-roles"), body, content_type="application/json")
        assert (again.status_code, again.json()["code"]) == (409, "role_held_already")
        assert client.get(reverse("api-roles")).json()["results"][0]["role"] == "moderator"
        address = reverse("api-withdraw-role", args=[answer.json()["id"]])
        assert client.post(address, {"reason": "Left"}, content_type="application/json").status_code == 204


def _both_withdraw(**how: Any) -> list[Any]:
    """Two administrators take the role from each other at once."""
    pair = [cast.person(name, role="admin") for name in ("Max", "Mia")]
    grants = [person.role_grants.get() for person in reversed(pair)]
    return at_once(lambda n: roles.withdraw(grants[n], by=pair[n], reason="Coup"), 2, **how)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_take_the_role_from_each_other() -> None:
    answers = _both_withdraw()
    assert [type(answer).__name__ for answer in answers].count("NotAllowed") == 1
    assert RoleGrant.objects.filter(role="admin", revoked_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_locks_no_administrator_is_left() -> None:
    with taken_away(meeting("accounts_auditevent")):
        _both_withdraw(without_locks=True)
        assert not RoleGrant.objects.filter(role="admin", revoked_at=None).exists()
