"""Accounts over the API."""

import pytest
from django.test import Client

from accounts.models import ApiToken, User
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def test_a_person_signs_up_and_acts_with_the_token(client: Client) -> None:
    answer = client.post(
        "/api/v1/people/",
        {"email": "New@Example.com", "password": PASSWORD, "name": "New"},
        content_type="application/json",
    )
    assert answer.status_code == 201
    me = client.get("/api/v1/me/", headers={"Authorization": f"Bearer {answer.json()['token']}"})
    assert me.json()["email"] == "new@example.com"


def test_a_taken_address_is_a_conflict_with_a_code(client: Client, lin: User) -> None:
    body = {"email": lin.email, "password": PASSWORD}
    answer = client.post("/api/v1/people/", body, content_type="application/json")
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "email_taken"


def test_a_weak_password_is_named_by_field_and_makes_no_account(client: Client) -> None:
    answer = client.post(
        "/api/v1/people/", {"email": "x@example.com", "password": "12345"}, content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.json()["errors"]
    assert not User.objects.exists()


def test_a_wrong_password_gets_no_token(client: Client, lin: User) -> None:
    answer = client.post("/api/v1/tokens/", {"email": lin.email, "password": "wrong"}, content_type="application/json")
    assert answer.status_code in (401, 403)


def test_a_revoked_token_opens_nothing(client: Client, lin: User) -> None:
    plain = ApiToken.objects.issue(lin, "phone")
    ApiToken.objects.get(label="phone").revoke()
    assert client.get("/api/v1/me/", headers={"Authorization": f"Bearer {plain}"}).status_code == 401


def test_the_table_of_tokens_opens_nothing(lin: User) -> None:
    plain = ApiToken.objects.issue(lin, "phone")
    assert plain not in str(list(ApiToken.objects.values()))


def test_a_stranger_has_no_self(client: Client) -> None:
    assert client.get("/api/v1/me/").status_code == 401
