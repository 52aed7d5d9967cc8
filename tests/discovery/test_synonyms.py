"""Words that mean the same: each finds the other, the very words stand first, and who keeps the list leaves a trace."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, User
from courses.models import Course
from discovery import asking, index
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
    return [course.title for course in asking.matching(Course.objects.listed(), words)]


@pytest.fixture
def shop(ada: User) -> None:
    for title in ("JS by the sea", "JavaScript by the sea", "Kilns by the sea"):
        make_course(title=title, lessons=1)
    for title in ("编程入门", "程序设计入门", "剪纸入门"):
        make_course(title=title, language="zh-hans", lessons=1)
    index.refresh()


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("js", ["JS by the sea", "JavaScript by the sea"]),
        ("JavaScript", ["JavaScript by the sea", "JS by the sea"]),
        ("sea js", ["JS by the sea", "JavaScript by the sea"]),
        ("编程", ["编程入门", "程序设计入门"]),
        ("程序设计", ["程序设计入门", "编程入门"]),
        ("編程入門", ["编程入门", "程序设计入门"]),
    ],
)
def test_each_finds_the_other_and_the_very_words_stand_first(shop: None, words: str, titles: list[str]) -> None:
    assert found(words) == listed(words) == titles


def test_it_is_so_however_popular_the_other_is(shop: None) -> None:
    Course.objects.filter(title="JavaScript by the sea").update(learners_count=300)
    index.refresh(everything=True)
    assert found("js") == ["JS by the sea", "JavaScript by the sea"]


def test_several_words_are_one_and_one_word_is_several(ada: User) -> None:
    make_course(title="ML for farms", lessons=1)
    make_course(title="Machine learning for farms", lessons=1)
    make_course(title="Learning to use a machine", lessons=1)
    index.refresh()
    assert found("ml")[:2] == ["ML for farms", "Machine learning for farms"]
    assert "ML for farms" in found("machine learning farms")
    assert found("machine learning farms")[0] == "Machine learning for farms"


def test_letters_may_stand_for_signs(ada: User) -> None:
    make_course(title="AI 绘画入门", language="zh-hans", lessons=1)
    make_course(title="人工智能绘画入门", language="zh-hans", lessons=1)
    index.refresh()
    assert found("人工智能绘画") == ["人工智能绘画入门", "AI 绘画入门"]


def test_filters_leave_and_count_them_too(shop: None) -> None:
    Course.objects.filter(title__startswith="JavaScript").update(price_minor=0)
    index.refresh(everything=True)
    assert found("js", price="free") == ["JavaScript by the sea"]
    answer = asking.ask("js", asking.Wish({}, BEST_FIRST))
    assert (answer.total, answer.counted["price", "free"], answer.counted["price", "paid"]) == (2, 1, 1)
    answer = asking.ask("js", asking.Wish({"price": "free"}, ("-published_at", "-id")))
    assert (answer.total, answer.counted["price", "paid"]) == (1, 1)


def test_what_merely_reads_across_two_words_is_no_word(shop: None, sam: User) -> None:
    Synonym.objects.curate(Synonym(one="程入", other="剪纸"), by=sam)
    assert found("编程入门") == ["编程入门", "程序设计入门"]


def test_a_new_pair_is_known_at_once_and_a_retired_one_no_longer(shop: None, sam: User) -> None:
    assert found("ovens") == []
    row = Synonym.objects.curate(Synonym(one="Ovens", other=" KILNS "), by=sam)
    assert (row.one, row.other) == ("kilns", "ovens")
    assert found("ovens") == ["Kilns by the sea"]
    row.retired_at = timezone.now()
    Synonym.objects.curate(row, by=sam)
    assert found("ovens") == []
    added, retired = AuditEvent.objects.filter(verb__startswith="synonym.").order_by("pk")
    assert (added.actor, added.facts["after"]["other"], added.facts["before"]) == (sam, "ovens", None)
    assert retired.facts["before"]["retired_at"] is None


def test_only_staff_write_them_and_nonsense_is_refused(ada: User, sam: User) -> None:
    with pytest.raises(NotAllowed):
        Synonym.objects.curate(Synonym(one="a", other="b"), by=ada)
    for one, other in (("js", "JS"), ("", "js"), ("!", "js"), ("JavaScript", "js"), ("x" * 61, "js")):
        with pytest.raises(ValidationError):
            Synonym.objects.curate(Synonym(one=one, other=other), by=sam)


def test_a_search_asks_nothing_more_for_them(client: Client, shop: None, django_assert_num_queries: object) -> None:
    client.get("/search/?q=js")
    for words in ("js", "sea"):
        with django_assert_num_queries(1):
            client.get(f"/search/?q={words}")
