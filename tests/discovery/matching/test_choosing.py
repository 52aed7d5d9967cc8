"""A person's list: why each course stands there, what her switches do, and the places that new courses are granted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from courses.models import Category, Course
from discovery.matching import choosing, explained, looks
from discovery.matching.scoring import Signal
from discovery.models import Attention, Dismissal, Follow, Links, Taste
from discovery.models.attention import LOOKS_GRANTED
from tests.courses.factories import make_course, make_skill
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(ada: User) -> list[Course]:
    """Courses that are new to nobody: their first looks lie behind them."""
    courses = [make_course(title=f"Course {n}") for n in range(6)]
    Course.objects.update(published_at=timezone.now() - timedelta(days=90))
    return courses


def order(learner: User) -> list[int]:
    return [one.course.pk for one in choosing.for_learner(learner, Taste.objects.of(learner))]


def set_taste(learner: User, goals: tuple[str, ...] = (), **switches: bool) -> None:
    every = dict.fromkeys(("uses_goals", "uses_history", "uses_follows", "uses_popularity"), True)
    Taste.objects.of(learner).choose(every | switches, list(Category.objects.filter(slug__in=goals)))


def test_a_link_from_what_she_learns_puts_a_course_first(lin: User, shop: list[Course]) -> None:
    enroll(lin, shop[0])
    Links.objects.replace([(shop[0].pk, [(shop[3].pk, 0.4), (shop[1].pk, 0.2)])])
    assert order(lin)[:2] == [shop[3].pk, shop[1].pk]
    first = explained.cards(lin)[0]
    assert first.why == "Because you learn “Course 0”"
    assert first.score == pytest.approx(sum(part.amount for part in first.parts), abs=1e-9)


def test_what_speaks_against_a_course_is_said_as_well(lin: User, shop: list[Course]) -> None:
    enroll(lin, shop[0])
    Links.objects.replace([(shop[0].pk, [(shop[3].pk, -0.2), (shop[1].pk, 0.005)])])
    assert order(lin)[-1] == shop[3].pk
    last, nearly = explained.cards(lin)[-1], explained.cards(lin)[0]
    assert "Less so, since you learn “Course 0”" in [part.text for part in last.parts]
    assert nearly.parts[-1].text == "Smaller signs together"
    assert nearly.score == pytest.approx(0.25 + 0.01, abs=1e-9)


def test_without_history_the_order_does_not_know_it(lin: User, cole: User, shop: list[Course]) -> None:
    Links.objects.replace([(shop[0].pk, [(shop[3].pk, 0.9)])])
    enroll(lin, shop[0])
    for person in (lin, cole):
        set_taste(person, uses_history=False)
    assert order(lin) == [pk for pk in order(cole) if pk != shop[0].pk]
    set_taste(lin)
    assert order(lin) != [pk for pk in order(cole) if pk != shop[0].pk]


def test_skills_of_what_she_learns_put_a_course_first_while_history_is_on(lin: User, shop: list[Course]) -> None:
    python, sql = make_skill("python"), make_skill("sql")
    Course.objects.filter(pk__in=[shop[0].pk, shop[2].pk]).update(skill_ids=[python.pk])
    Course.objects.filter(pk=shop[4].pk).update(skill_ids=[sql.pk])
    enroll(lin, shop[0])
    assert order(lin)[0] == shop[2].pk
    assert explained.cards(lin)[0].why == f"Carries on with: {python.name_en}"
    set_taste(lin, uses_history=False)
    assert order(lin)[0] != shop[2].pk


def test_goals_and_follows_count_while_they_are_on(lin: User, shop: list[Course]) -> None:
    Course.objects.filter(pk=shop[2].pk).update(category=Category.objects.get(slug="languages"))
    set_taste(lin, goals=("languages",))
    assert order(lin)[0] == shop[2].pk
    set_taste(lin, goals=("languages",), uses_goals=False)
    reasons = [r.signal for one in choosing.for_learner(lin, Taste.objects.of(lin)) for r in one.match.reasons]
    assert Signal.GOALS not in reasons
    Follow.objects.follow(lin, shop[0].creator)
    Follow.objects.follow(lin, shop[0].creator)
    assert "You follow Ada Lin Studio" in [part.text for part in explained.cards(lin)[0].parts]


def test_what_she_has_made_or_does_not_want_is_not_shown(lin: User, ada: User, shop: list[Course]) -> None:
    enroll(lin, shop[0])
    Dismissal.objects.dismiss(lin, shop[1])
    assert set(order(lin)) == {course.pk for course in shop[2:]}
    assert order(ada) == []
    Dismissal.objects.bring_back(lin, shop[1])
    assert shop[1].pk in order(lin)


def test_a_course_that_is_taken_down_is_not_shown(lin: User, sam: User, shop: list[Course]) -> None:
    shop[1].take_down(by=sam, rule_code="spam", reason="Spam")
    assert shop[1].pk not in order(lin)


def test_a_new_course_has_a_place_until_it_had_its_looks(lin: User, shop: list[Course]) -> None:
    Course.objects.update(learners_count=1000)
    new = make_course(title="New")
    Taste.objects.of(lin)
    shown = choosing.for_learner(lin, Taste.objects.of(lin), count=4)
    assert [one.is_look for one in shown] == [False, False, False, True]
    assert shown[3].course == new
    assert explained.cards(lin, 4)[3].why == "New, and reviewed: every such course gets its first looks"
    Attention.objects.add(timezone.now().date(), {new.pk: LOOKS_GRANTED})
    assert new.pk not in [one.course.pk for one in choosing.for_learner(lin, Taste.objects.of(lin), count=4)]


@pytest.mark.parametrize(("language", "is_shown"), [("ja", True), ("sgn", True), ("en", True), ("zh-hans", False)])
def test_a_new_course_in_a_language_that_the_site_is_not_offered_in_has_its_place_too(
    lin: User, shop: list[Course], language: str, is_shown: bool
) -> None:
    Course.objects.update(learners_count=1000)
    new = make_course(title="New", language=language)
    shown = choosing.for_learner(lin, Taste.objects.of(lin), count=4)
    assert ([one.course for one in shown if one.is_look] == [new]) is is_shown


def test_every_new_course_gets_its_looks_in_a_month_of_readers(lin: User, shop: list[Course]) -> None:
    """Half a hundred old favourites, twenty new courses: nobody's score lifts the new ones, their places do."""
    for n in range(20):
        make_course(title=f"Old {n}")
    Course.objects.update(published_at=timezone.now() - timedelta(days=90), learners_count=5000)
    new = {make_course(title=f"New {n}").pk for n in range(10)}
    turns, today = 10 * LOOKS_GRANTED // (choosing.SHOWN // choosing.EVERY) // 100 + 1, timezone.now().date()
    for _turn in range(turns):
        for one in choosing.for_learner(lin, Taste.objects.of(lin)):
            Attention.objects.add(today, {one.course.pk: 100})  # a hundred readers see the same list
    had = Attention.objects.since(today)
    assert min(had.get(pk, 0) for pk in new) >= LOOKS_GRANTED


def test_looks_are_counted_and_written_down_once(lin: User, shop: list[Course]) -> None:
    explained.cards(lin)
    looks.note([shop[0].pk, 10**12])
    assert looks.write_down() == 7
    assert looks.write_down() == 0
    assert Attention.objects.get(course=shop[0]).looks == 2
    assert Attention.objects.count() == 6


def test_the_list_costs_the_same_for_much_history(
    lin: User, shop: list[Course], django_assert_max_num_queries: object
) -> None:
    for course in shop[:4]:
        enroll(lin, course)
    Links.objects.replace([(course.pk, [(shop[5].pk, 0.3)]) for course in shop[:4]])
    with django_assert_max_num_queries(14):
        explained.cards(lin)
