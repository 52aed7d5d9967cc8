"""How often one may search: pages and API say so in words, and nobody else waits for who asks too often."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from discovery import index, pace
from marketplace.lib.pace import MOST_KNOWN, Pace
from tests.courses.factories import make_course

SEARCHES = ("/search/?q=bowl", "/api/v1/search/?q=bowl", "/api/v1/courses/?q=bowl")
SUGGESTIONS = ("/search/suggest/?q=bow", "/api/v1/search/suggestions/?q=bow")


def test_so_many_come_at_once_and_then_one_after_the_other() -> None:
    own = Pace(2, 3)
    assert [own.wait_s("a", 100.0) for _ in range(3)] == [0, 0, 0]
    assert own.wait_s("a", 100.0) == pytest.approx(0.5)
    assert own.wait_s("b", 100.0) == 0
    assert own.wait_s("a", 100.5) == 0
    assert own.wait_s("a", 100.5) > 0
    assert [own.wait_s("a", 1_000.0) for _ in range(3)] == [0, 0, 0]


def test_who_is_refused_waits_no_longer_for_having_asked() -> None:
    own = Pace(1, 1)
    assert own.wait_s("a", 0.0) == 0
    assert {round(own.wait_s("a", 0.5), 3) for _ in range(50)} == {0.5}
    assert own.wait_s("a", 1.0) == 0


def test_without_a_rate_nobody_waits() -> None:
    assert {Pace(0, 0).wait_s("a", 1.0) for _ in range(5)} == {0}


def test_a_flood_of_addresses_fills_no_memory() -> None:
    own = Pace(1, 1)
    for number in range(3 * MOST_KNOWN):
        own.wait_s(str(number), 1.0)
    assert len(own._even) <= MOST_KNOWN


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch, ada: User) -> None:
    make_course(title="Bowl")
    index.refresh()
    monkeypatch.setattr(pace, "_searches", Pace(0.01, 2))
    monkeypatch.setattr(pace, "_suggestions", Pace(0.01, 2))


def said(answer: Any) -> str:
    return answer.json()["detail"] if "json" in answer["Content-Type"] else answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*SEARCHES, *SUGGESTIONS])
def test_every_door_holds_who_asks_too_often_and_says_what_to_do(client: Client, held: None, address: str) -> None:
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 429]
    answer = client.get(address)
    assert "Wait some seconds and search again." in said(answer)
    assert 90 <= int(answer["Retry-After"]) <= 100
    chinese = client.get(address, headers={"Accept-Language": "zh-hans"})
    assert "请等几秒再搜索" in said(chinese)
    if address != SEARCHES[0]:
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "searches_too_often"


@pytest.mark.django_db
def test_each_person_and_each_household_has_its_own(client: Client, held: None, lin: User, cole: User) -> None:
    def asked(**meta: str) -> list[int]:
        return [client.get(SEARCHES[0], **meta).status_code for _ in range(3)]

    assert asked(REMOTE_ADDR="203.0.113.1") == [200, 200, 429]
    assert asked(REMOTE_ADDR="203.0.113.2") == [200, 200, 429]
    assert asked(REMOTE_ADDR="2001:db8:1:2::1") == [200, 200, 429]
    # Another address of the same network is the same household.
    assert asked(REMOTE_ADDR="2001:db8:1:2::ffff") == [429, 429, 429]
    assert asked(REMOTE_ADDR="2001:db8:1:3::1") == [200, 200, 429]
    for person in (lin, cole):
        client.force_login(person)
        assert asked(REMOTE_ADDR="203.0.113.1") == [200, 200, 429]
        assert asked(REMOTE_ADDR="203.0.113.9") == [429, 429, 429]


@pytest.mark.django_db
def test_lists_without_words_are_not_held(client: Client, held: None) -> None:
    assert {client.get("/api/v1/courses/").status_code for _ in range(5)} == {200}
    assert {client.get("/courses/").status_code for _ in range(5)} == {200}
