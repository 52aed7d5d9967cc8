"""Kept cards: where, how many of them, and for how long."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from accounts.models import User
from courses import cards
from courses.models import Course
from courses.paging import mark
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    forget(monkeypatch)


@pytest.fixture
def shop(ada: User) -> list[Course]:
    return [make_course(title=f"Bowl {number}", lessons=1) for number in range(4)]


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a process that has just begun."""
    cards._near.clear()
    monkeypatch.setattr(cards, "_turn", cards.Turn())
    cards._edition.cache_clear()


def kept() -> list[Any]:
    return cache._cache.get_client().keys("*card.*")  # type: ignore[attr-defined]


def drawn(*, is_seldom: bool = False) -> list[str]:
    rows = cards.stamped(Course.objects.order_by("pk"))
    return [str(one) for one in cards.drawn([(row.pk, row.stamp) for row in rows], is_seldom=is_seldom)]


def test_another_process_takes_what_one_has_drawn(
    shop: list[Course], monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    first = drawn()
    assert len(kept()) == 4
    forget(monkeypatch)
    with django_assert_num_queries(1):  # the stamps
        assert drawn() == first


@pytest.mark.parametrize(
    "parameters",
    [{"after": mark(2**40, 1)}, {"price": "paid", "category": "programming"}, {"creator": "ada-lin-studio"}],
)
def test_a_page_that_few_ask_for_leaves_nothing_in_valkey(
    client: Client, shop: list[Course], parameters: dict[str, str]
) -> None:
    assert "Bowl 3" in client.get("/courses/", parameters).content.decode()
    assert kept() == []


def test_a_creators_page_leaves_nothing_there_either(client: Client, shop: list[Course]) -> None:
    assert "Bowl 3" in client.get(f"/creators/{shop[0].creator.slug}/").content.decode()
    assert kept() == []


@pytest.mark.parametrize("address", ["/", "/courses/"])
def test_pages_that_many_ask_for_keep_theirs(client: Client, shop: list[Course], address: str) -> None:
    client.get(address)
    assert kept()


def test_who_walks_through_all_courses_does_not_fill_valkey(
    shop: list[Course], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cards, "MOST_KEPT", 6)
    drawn()
    with translation.override("zh-hans"):  # four others
        assert len(drawn()) == 4
        assert len(kept()) == 4
        monkeypatch.setattr(cards._turn, "until", 0.0)
        drawn()
        assert len(kept()) == 8


def test_a_new_template_shows_no_card_of_the_old_one(shop: list[Course], monkeypatch: pytest.MonkeyPatch) -> None:
    drawn()
    forget(monkeypatch)
    template = cards.get_template(cards._TEMPLATE)
    monkeypatch.setattr(template.template, "source", template.template.source + "<!-- of another release -->")
    drawn()
    assert len(kept()) == 8


def test_a_process_keeps_none_for_ever(shop: list[Course], monkeypatch: pytest.MonkeyPatch) -> None:
    drawn()
    key = next(iter(cards._near))
    cards._near[key] = "of the release before"
    assert "of the release before" in drawn()
    monkeypatch.setattr(cards._turn, "until", 0.0)
    assert "of the release before" not in drawn()
