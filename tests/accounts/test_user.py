"""User: sign-up, roles."""

import pytest

from accounts.models import User
from accounts.models.user import EmailTaken
from tests.cast import PASSWORD


def test_an_email_belongs_to_one_person_whatever_its_case(lin: User) -> None:
    with pytest.raises(EmailTaken):
        User.objects.sign_up(email="LIN@example.com", password=PASSWORD)


def test_a_role_is_held_from_its_grant_until_it_is_revoked(cole: User, fay: User) -> None:
    grant = cole.grant_role("moderator", by=fay, reason="hired")
    assert cole.has_role("moderator")
    grant.revoke(by=fay, reason="left")
    assert not User.objects.get(pk=cole.pk).has_role("moderator")
