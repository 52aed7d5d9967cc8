"""The cast, whose rows the tests lay down, is as people who signed up and became creators."""

from typing import Any

import pytest
from django.contrib.auth import authenticate

from accounts.models import User
from creators.models import Creator
from tests import cast
from tests.creators.factories import make_creator
from tests.rows_written import written_by

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_person_is_as_one_who_signed_up(language: str) -> None:
    laid = written_by(lambda: cast.person("Noa", language=language))
    asked = {"email": "Noa@example.com", "name": "Noa", "password": cast.PASSWORD, "language": language}
    assert laid == written_by(lambda: User.objects.sign_up(**asked))
    assert laid[0]["accounts_user"]


def test_she_logs_in_with_her_password() -> None:
    person = cast.person("Noa")
    assert authenticate(email=person.email, password=cast.PASSWORD) == person


@pytest.mark.parametrize("fields", [{}, {"headline": "Crafts, slowly", "bio": "I throw pots.", "country": "CN"}])
@pytest.mark.parametrize("name", ["Ada Lin Studio", "陶", "Become"])
def test_a_creator_is_as_one_who_became_it(name: str, fields: dict[str, Any]) -> None:
    person = cast.person("Noa")
    laid = written_by(lambda: make_creator(person, name, **fields))
    assert laid == written_by(lambda: Creator.objects.become(user=person, name=name, **fields))
    assert len(laid[0]["creators_creator"]) == 1


def test_she_is_known_by_her_person_at_once() -> None:
    person = cast.person("Noa")
    assert not hasattr(person, "creator")
    creator = make_creator(person)
    assert person.creator == creator
