"""User: sign-up, roles."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from accounts.models.user import EmailTaken
from tests import cast
from tests.cast import PASSWORD


def test_an_email_belongs_to_one_person_whatever_its_case(lin: User) -> None:
    with pytest.raises(EmailTaken):
        User.objects.sign_up(email="LIN@example.com", password=PASSWORD)


def test_a_role_is_held_from_its_grant_until_it_is_revoked(cole: User, fay: User) -> None:
    grant = cole.grant_role("moderator", by=fay, reason="hired")
    cast.give_second_factor(cole)
    assert cole.has_role("moderator")
    grant.revoke(by=fay, reason="left")
    assert not User.objects.get(pk=cole.pk).has_role("moderator")


def test_an_administrator_opens_the_data_pages_as_long_as_the_grant_holds(
    client: Client, cole: User, fay: User
) -> None:
    grant = cole.grant_role("admin", by=fay, reason="on call")
    cast.give_second_factor(cole)
    client.force_login(cole)
    assert client.get("/admin/").status_code == 200
    assert cole.has_role("finance")
    grant.revoke(by=fay, reason="off call")
    assert client.get("/admin/").status_code == 302


def test_a_role_is_given_and_taken_on_the_command_line(cole: User) -> None:
    call_command("grant_role", cole.email, "moderator", "--reason", "hired")
    cast.give_second_factor(cole)
    assert User.objects.get(pk=cole.pk).has_role("moderator")
    call_command("grant_role", cole.email, "moderator", "--reason", "left", "--revoke")
    assert not User.objects.get(pk=cole.pk).has_role("moderator")
    with pytest.raises(CommandError, match="does not hold"):
        call_command("grant_role", cole.email, "moderator", "--reason", "left", "--revoke")
