"""Words that mean the same: each finds the other, the very words stand first, and who keeps the list leaves a trace."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, User
from courses.models import Course
from discovery import asking, finding, index
from discovery.models import Synonym
from marketplace.lib.errors import NotAllowed
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db
BEST_FIRST = ("-rank", "-id")


def found(words: str, **chosen: object) -> list[str]:
    answer = asking.ask(words, asking.Wish(chosen, BEST_FIRST))
    titles = dict(Course.objects.values_list("pk", "title"))
    return [titles[hit.course_id] for hit in answer.hits]


def listed(words: str) -> list[str]:
    return [course.title for course in finding.matching(Course.objects.listed(), words)]


@pytest.fixture
def shop(ada: User) -> None:
    """Three of each, so that nothing is understood otherwise for being rare."""
    for number in ("one", "two", "three"):
        make_course(title=f"JS by the sea {number}", lessons=1)
        make_course(title=f"JavaScript by the sea {number}", lessons=1)
    make_course(title="Kilns by the sea", lessons=1)
    for number in "甲乙丙":
        make_course(title=f"做菜大全{number}", language="zh-hans", lessons=1)
        make_course(title=f"烹饪大全{number}", language="zh-hans", lessons=1)
        make_course(title=f"剪纸大全{number}", language="zh-hans", lessons=1)
    index.refresh()


def kinds(titles: list[str]) -> list[str]:
    """Which word each has."""
    return [word for title in titles for word in ("JS", "JavaScript", "做菜", "烹饪", "剪纸", "Kilns") if word in title]


@pytest.mark.parametrize(
    ("words", "first", "then"),
    [
        ("js", "JS", "JavaScript"),
        ("JavaScript", "JavaScript", "JS"),
        ("sea js", "JS", "JavaScript"),
        ("做菜", "做菜", "烹饪"),
        ("烹飪", "烹饪", "做菜"),
        ("做菜大全", "做菜", "烹饪"),
    ],
)
def test_each_finds_the_other_and_the_very_words_stand_first(shop: None, words: str, first: str, then: str) -> None:
    assert kinds(found(words)) == kinds(listed(words)) == [first] * 3 + [then] * 3


def test_it_is_so_however_popular_the_other_is(shop: None) -> None:
    Course.objects.filter(title__startswith="JavaScript").update(learners_count=100_000)
    index.refresh(everything=True)
    assert kinds(found("js")) == ["JS"] * 3 + ["JavaScript"] * 3


def test_several_words_are_one_and_one_word_is_several(ada: User) -> None:
    for number in ("one", "two", "three"):
        make_course(title=f"ML for farms {number}", lessons=1)
        make_course(title=f"Machine learning for farms {number}", lessons=1)
    index.refresh()
    assert [title[:2] for title in found("ml")] == ["ML"] * 3 + ["Ma"] * 3
    assert [title[:2] for title in found("machine learning farms")] == ["Ma"] * 3 + ["ML"] * 3


def test_a_phrase_is_no_heap_of_words(ada: User) -> None:
    for number in ("one", "two", "three"):
        make_course(title=f"ML for farms {number}", lessons=1)
    make_course(title="Machine learning for farms", lessons=1)
    make_course(title="Learning to use a machine", lessons=1)
    for number in "甲乙丙":
        make_course(title=f"短视频大全{number}", language="zh-hans", lessons=1)
    make_course(title="小视频大全", language="zh-hans", lessons=1)
    make_course(title="视频大全", language="zh-hans", lessons=1)
    index.refresh()
    assert found("ml")[3:] == listed("ml")[3:] == ["Machine learning for farms"]
    assert "小视频大全" in found("短视频")


def test_a_word_of_several_pieces_is_found_within_a_run(ada: User) -> None:
    for number in "甲乙丙":
        make_course(title=f"直播带货技巧{number}", language="zh-hans", lessons=1)
    make_course(title="直播电商技巧", language="zh-hans", lessons=1)
    index.refresh()
    assert found("直播带货技巧")[3:] == ["直播电商技巧"]


def test_the_very_words_stand_first_on_every_door_whatever_else_speaks_for_the_others(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in ("one", "two", "three"):
        make_course(title=f"JS and many other words of a long title {number}", lessons=1)
        make_course(title=f"JavaScript {number}", lessons=1)
    Course.objects.filter(title__startswith="JavaScript").update(learners_count=100_000)
    Course.objects.filter(title__startswith="JS").update(stale_at=timezone.now())
    index.refresh()
    index.refresh(everything=True)
    assert kinds(found("js")) == kinds(listed("js")) == ["JS"] * 3 + ["JavaScript"] * 3
    # However few hits are taken, the others crowd out none of these.
    monkeypatch.setattr(asking, "MOST_RANKED", 3)
    assert kinds(listed("js"))[:3] == kinds(found("js"))[:3] == ["JS"] * 3


def test_what_only_other_words_find_is_no_good_answer(ada: User) -> None:
    for number in ("one", "two", "three"):
        make_course(title=f"JavaScript {number}", lessons=1)
    index.refresh()
    answer = asking.ask("js", asking.Wish({}, BEST_FIRST))
    assert (answer.total, answer.good, answer.question.instead) == (3, 0, "")


def test_filters_leave_and_count_them_too(shop: None) -> None:
    Course.objects.filter(title__startswith="JavaScript").update(price_minor=0)
    index.refresh(everything=True)
    assert kinds(found("js", price="free")) == ["JavaScript"] * 3
    answer = asking.ask("js", asking.Wish({}, BEST_FIRST))
    assert (answer.total, answer.counted["price", "free"], answer.counted["price", "paid"]) == (6, 3, 3)
    answer = asking.ask("js", asking.Wish({"price": "free"}, ("-published_at", "-id")))
    assert (answer.total, answer.counted["price", "paid"]) == (3, 3)


def test_what_merely_reads_across_two_words_is_no_word(shop: None, sam: User) -> None:
    Synonym.objects.curate(Synonym(one="菜大", other="剪纸"), by=sam)
    assert kinds(found("做菜大全")) == ["做菜"] * 3 + ["烹饪"] * 3


def test_a_new_pair_is_known_at_once_and_a_retired_one_no_longer(shop: None, sam: User) -> None:
    assert found("ovens") == []
    row = Synonym.objects.curate(Synonym(one="Ovens", other=" KILNS "), by=sam)
    assert (row.one, row.other) == ("kilns", "ovens")
    assert Synonym(one="E-Commerce", other="f#").clean() is None
    assert kinds(found("ovens")) == ["Kilns"]
    row.retired_at = timezone.now()
    Synonym.objects.curate(row, by=sam)
    assert found("ovens") == []
    added, retired = AuditEvent.objects.filter(verb__startswith="synonym.").order_by("pk")
    assert (added.actor, added.facts["after"]["other"], added.facts["before"]) == (sam, "ovens", None)
    assert retired.facts["before"]["retired_at"] is None


def test_only_staff_write_them_and_nonsense_is_refused(ada: User, sam: User) -> None:
    with pytest.raises(NotAllowed):
        Synonym.objects.curate(Synonym(one="a", other="b"), by=ada)
    nonsense = [
        "JS",
        "",
        "!",
        "JavaScript",
        "x" * 61,
        "after effects",
        "the",
        "ai绘画",
        "绘画 大全",
        "one two three four",
    ]
    for one, other in ((each, "js") for each in nonsense):
        with pytest.raises(ValidationError):
            Synonym.objects.curate(Synonym(one=one, other=other), by=sam)


def test_a_search_asks_nothing_more_for_them(client: Client, shop: None, django_assert_num_queries: object) -> None:
    client.get("/search/?q=js")
    for words in ("js", "sea"):
        client.get(f"/search/?q={words}")
        with django_assert_num_queries(1):
            client.get(f"/search/?q={words}")
