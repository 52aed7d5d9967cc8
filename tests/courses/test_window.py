"""The shop window: what is kept, and that it is never older than what people did."""

import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from courses.models import Skill
from creators.models import Suspension
from marketplace.lib import window
from marketplace.lib.money import Money
from tests.courses.factories import make_category, make_course, make_skill, publish

pytestmark = pytest.mark.django_db


def shown(client: Client) -> str:
    return client.get("/courses/").content.decode()


def test_a_list_is_drawn_once(client: Client, ada: User, django_assert_num_queries: object) -> None:
    make_course(title="Kilns")
    first = shown(client)
    with django_assert_num_queries(0):
        again = shown(client)
    assert "Kilns" in first
    assert again.count("course-card__title") == first.count("course-card__title")


def test_what_people_do_shows_at_once(client: Client, ada: User, sam: User) -> None:
    course = make_course(title="Kilns")
    assert "$19.99" in shown(client)
    course.set_price(Money(2500, "USD"), by=ada)
    assert "$25.00" in shown(client)
    draft = course.open_draft(ada)
    draft.edit({"title": "Wood kilns"}, by=ada, revision=draft.revision)
    assert "Wood kilns" not in shown(client)
    publish(draft)
    assert "Wood kilns" in shown(client)
    takedown = course.take_down(by=sam, rule_code="spam", reason="Spam")
    assert "Wood kilns" not in shown(client)
    takedown.lift(by=sam, reason="No spam")
    assert "Wood kilns" in shown(client)
    ada.creator.edit({"name": "Ada & Daughters"})
    assert "Ada &amp; Daughters" in shown(client)
    Suspension.objects.suspend(creator=ada.creator, by=sam, rule_code="fraud", reason="Fraud")
    assert "Wood kilns" not in shown(client)


def test_each_language_has_a_window_of_its_own(client: Client, ada: User) -> None:
    make_course(title="Kilns", price=Money(0, "USD"))
    english = shown(client)
    chinese = client.get("/courses/", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "编程" in chinese
    assert "编程" not in english


def test_ages_do_not_add_up(ada: User) -> None:
    """What shows something kept ends with it, however long it might be kept itself."""
    drawn: list[str] = []

    def inside() -> str:
        drawn.append("inside")
        return "list"

    def page() -> str:
        drawn.append("page")
        return "page of " + window.drawn("inside", inside, 1)

    window.drawn("inside", inside, 1)
    began = time.time()
    assert window.drawn("page", page, 60) == "page of list"
    assert drawn == ["inside", "page"]
    window.drawn("page", page, 60)
    assert drawn == ["inside", "page"]
    time.sleep(max(0.0, began + 1.05 - time.time()))
    window.drawn("page", page, 60)
    assert drawn == ["inside", "page", "page", "inside"]


def test_what_ends_inside_says_nothing_of_its_neighbors(ada: User) -> None:
    window.drawn("short", lambda: 1, 1)
    drawn: list[int] = []
    window.drawn("beside", lambda: drawn.append(1) or 2, 60)
    with pytest.raises(ZeroDivisionError):
        window.drawn("broken", lambda: window.drawn("short", lambda: 1, 1) / 0, 60)
    time.sleep(1.05)
    window.drawn("beside", lambda: drawn.append(1) or 2, 60)
    assert drawn == [1]


def test_what_is_past_its_time_makes_room_before_what_is_not(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "MOST_NEAR", 3)
    window.keep_at_hand("everything", 7, 60)
    window.keep_at_hand("of a skill", 1, -0.001)
    window.keep_at_hand("of another", 2, -0.001)
    window.keep_at_hand("of a third", 3, 60)
    assert (window.at_hand("everything"), window.at_hand("of a third")) == (7, 3)
    assert len(window._near) == 2


def test_what_is_at_hand_is_no_older_than_it_may_be(ada: User) -> None:
    window.keep_at_hand("tally", 7, -0.001)
    assert window.at_hand("tally") is None
    assert window.at_hand("nothing") is None


def test_a_process_keeps_no_more_at_hand_than_so_much(ada: User) -> None:
    for number in range(3 * window.MOST_NEAR):
        window.keep_at_hand(f"tally {number}", number, 60)
    assert len(window._near) <= window.MOST_NEAR
    assert window.at_hand(f"tally {3 * window.MOST_NEAR - 1}") == 3 * window.MOST_NEAR - 1


class Packed:
    """Counts how often it is unpacked."""

    unpacked = 0

    def __reduce__(self) -> Any:
        return _unpack, ()


def _unpack() -> Packed:
    Packed.unpacked += 1
    return Packed()


def test_what_has_become_old_is_not_unpacked(ada: User) -> None:
    Packed.unpacked = 0
    window.drawn("heavy", Packed)
    assert isinstance(window.drawn("heavy", Packed), Packed)
    assert Packed.unpacked == 1
    window.change()
    assert isinstance(window.drawn("heavy", Packed), Packed)
    assert Packed.unpacked == 1


def test_a_price_makes_no_name_old(client: Client, ada: User, django_assert_max_num_queries: Any) -> None:
    course = make_course(title="Kilns", skills={make_skill("firing"): 1})
    assert "$19.99" in shown(client)
    course.set_price(Money(2500, "USD"), by=ada)
    with django_assert_max_num_queries(3):  # the sums beside filters, the rows, and the card of the new price
        assert "$25.00" in shown(client)
    window.change()
    with django_assert_max_num_queries(2):
        shown(client)


def test_a_name_beside_lists_shows_at_once(client: Client, ada: User, sam: User) -> None:
    make_course(title="Kilns", skills={make_skill("firing"): 1})
    assert "Firing" in shown(client)
    skill, shelf = make_skill("firing"), make_category()
    skill.name_en = "Wood firing"
    Skill.objects.curate(skill, by=sam)
    assert "Wood firing" in shown(client)
    shelf.name_en = "Clay"
    shelf.save()
    assert "Clay" in shown(client)


def test_a_name_of_another_process_shows_as_soon_as_this_one_asks(ada: User) -> None:
    window.near_name("shelves", lambda: "Clay")
    window.change_names()
    assert window.near_name("shelves", lambda: "Wood") == "Wood"
    window.change()
    assert window.near_name("shelves", lambda: "Stone") == "Wood"
    window.forget()
    assert window.near_name("shelves", lambda: "Stone") == "Wood"
    cache.delete(window.NAMES)
    window.forget()
    assert window.near_name("shelves", lambda: "Stone") == "Stone"


def changed_elsewhere() -> None:
    """Another process changes the window: this one is told nothing, and keeps what it has at hand."""
    cache.set(window.LISTS, "another state", None)


def renamed_elsewhere() -> None:
    cache.set(window.NAMES, "another state of names", None)
    changed_elsewhere()


NEAR = {"near": (window.near, changed_elsewhere), "near_name": (window.near_name, renamed_elsewhere)}


@pytest.mark.parametrize(("keep", "change"), NEAR.values(), ids=NEAR)
def test_what_is_drawn_is_not_put_together_from_what_is_at_hand_from_before_a_change(
    ada: User, keep: Any, change: Any
) -> None:
    words = ["old"]

    def page() -> str:
        return f"page of {keep('words', lambda: words[0])}"

    assert keep("words", lambda: words[0]) == "old"
    words[0] = "new"
    change()
    assert keep("words", lambda: words[0]) == "old"  # by itself, for NEAR_SECONDS
    assert window.drawn("page", page) == "page of new"
    assert keep("words", lambda: words[0]) == "new"


@pytest.mark.parametrize(("keep", "change"), NEAR.values(), ids=NEAR)
def test_what_is_drawn_inside_of_names_asks_for_both_states(ada: User, keep: Any, change: Any) -> None:
    words = ["old"]
    keep("words", lambda: words[0])

    def names() -> str:
        return f"names of {keep('words', lambda: words[0])}"

    words[0] = "new"
    change()
    assert window.drawn("page", lambda: window.near_name("names", names)) == "names of new"


@pytest.mark.parametrize(("keep", "change"), NEAR.values(), ids=NEAR)
def test_what_is_drawn_with_something_at_hand_ends_with_it(
    ada: User, keep: Any, change: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window, "SECONDS", 1)
    drawn: list[str] = []

    def page() -> str:
        drawn.append("page")
        return f"page of {keep('words', lambda: 'words')}"

    window.drawn("first", lambda: keep("words", lambda: "words"), 60)
    began = time.time()
    window.drawn("page", page, 60)
    window.drawn("page", page, 60)
    assert drawn == ["page"]
    time.sleep(max(0.0, began + 1.05 - time.time()))
    window.drawn("page", page, 60)
    assert drawn == ["page", "page"]


def test_what_is_drawn_fetches_what_is_at_hand_once_a_change(ada: User) -> None:
    fetched: list[int] = []

    def tally() -> int:
        if (kept := window.at_hand("tally")) is None:
            fetched.append(1)
            window.keep_at_hand("tally", kept := 7, 60)
        return int(kept)

    for name in ("one", "another", "a third"):
        window.drawn(name, tally)
    assert tally() == 7
    assert len(fetched) == 1
    changed_elsewhere()
    for name in ("one", "another", "a third"):
        window.drawn(name, tally)
    assert len(fetched) == 2
