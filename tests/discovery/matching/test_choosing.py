"""A person's list: why each course stands there, what her switches do, and the places that new courses are granted."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from courses.models import Category, Course
from discovery.forms import SWITCHES
from discovery.matching import choosing, explained, looks, people
from discovery.matching.pacing import EVERY
from discovery.matching.scoring import Signal
from discovery.models import Attention, Dismissal, Follow, Links, Newcomer, Taste
from discovery.models.attention import LOOKS_GRANTED
from learners.models import LessonProgress
from tests.courses.factories import make_course, make_skill
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db
SWITCH_OF = {
    Signal.GOALS: "uses_goals", Signal.HISTORY: "uses_history", Signal.SKILLS: "uses_skills",
    Signal.FOLLOWS: "uses_follows", Signal.LANGUAGE: "uses_language", Signal.POPULAR: "uses_popularity",
}  # fmt: skip


@pytest.fixture
def shop(ada: User) -> list[Course]:
    """Courses that are new to nobody: their first looks lie behind them."""
    courses = [make_course(title=f"Course {n}") for n in range(6)]
    Course.objects.update(published_at=timezone.now() - timedelta(days=90))
    return courses


def order(learner: User) -> list[int]:
    return [one.course.pk for one in choosing.for_learner(learner, Taste.objects.of(learner))]


def set_taste(learner: User, goals: tuple[str, ...] = (), **switches: bool) -> None:
    every = dict.fromkeys(SWITCHES, True)
    Taste.objects.of(learner).choose(every | switches, list(Category.objects.filter(slug__in=goals)))


def test_a_link_from_what_she_learns_puts_a_course_first(lin: User, shop: list[Course]) -> None:
    enroll(lin, shop[0])
    Links.objects.replace([(shop[0].pk, [(shop[3].pk, 0.4), (shop[1].pk, 0.2)])])
    assert order(lin)[:2] == [shop[3].pk, shop[1].pk]
    first = explained.cards(lin)[0]
    assert first.why == "Because you have “Course 0”"
    assert first.score == pytest.approx(sum(part.amount for part in first.parts), abs=1e-9)


def test_what_speaks_against_a_course_is_said_as_well(lin: User, shop: list[Course]) -> None:
    enroll(lin, shop[0])
    Links.objects.replace([(shop[0].pk, [(shop[3].pk, -0.2), (shop[1].pk, 0.008)])])
    assert order(lin)[-1] == shop[3].pk
    last, nearly = explained.cards(lin)[-1], explained.cards(lin)[0]
    assert "Less so, since you have “Course 0”" in [part.text for part in last.parts]
    assert nearly.parts[-1].text == "Your other courses together"
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
    Dismissal.objects.bring_back(lin, shop[1].slug)
    assert shop[1].pk in order(lin)


def test_a_course_that_is_taken_down_is_not_shown(lin: User, sam: User, shop: list[Course]) -> None:
    shop[1].take_down(by=sam, rule_code="spam", reason="Spam")
    assert shop[1].pk not in order(lin)


def test_a_new_course_has_a_place_until_it_had_its_looks(lin: User, shop: list[Course]) -> None:
    Course.objects.update(learners_count=1000)
    new = make_course(title="New")
    Newcomer.objects.follow(timezone.now())
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
    Newcomer.objects.follow(timezone.now())
    shown = choosing.for_learner(lin, Taste.objects.of(lin), count=4)
    assert ([one.course for one in shown if one.is_look] == [new]) is is_shown


def test_every_new_course_gets_its_looks_in_a_month_of_readers(lin: User, shop: list[Course]) -> None:
    """Half a hundred old favourites, twenty new courses: nobody's score lifts the new ones, their places do."""
    for n in range(20):
        make_course(title=f"Old {n}")
    Course.objects.update(published_at=timezone.now() - timedelta(days=90), learners_count=5000)
    new = {make_course(title=f"New {n}").pk for n in range(10)}
    Newcomer.objects.follow(timezone.now())
    turns, today = 10 * LOOKS_GRANTED // (choosing.SHOWN // EVERY) // 100 + 1, timezone.now().date()
    for _turn in range(turns):
        for one in choosing.for_learner(lin, Taste.objects.of(lin)):
            Attention.objects.add(today, {one.course.pk: 100})  # a hundred readers see the same list
    had = Attention.objects.since(today)
    assert min(had.get(pk, 0) for pk in new) >= LOOKS_GRANTED


def test_a_look_counts_once_a_person_course_and_day(lin: User, cole: User, shop: list[Course]) -> None:
    for _again in range(3):
        explained.cards(lin)
    looks.note(lin, [shop[0].pk, 10**12])
    looks.note(cole, [shop[0].pk])
    assert looks.write_down() == 7
    assert looks.write_down() == 0
    looks.note(lin, [shop[0].pk])
    assert looks.write_down() == 0
    assert Attention.objects.get(course=shop[0]).looks == 2
    assert Attention.objects.count() == 6
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        looks.note(lin, [shop[0].pk])
        assert looks.write_down() == 1


def test_one_account_does_not_use_up_what_a_new_course_is_granted(lin: User, shop: list[Course]) -> None:
    new = make_course(title="New")
    Newcomer.objects.follow(timezone.now())
    for _reading in range(LOOKS_GRANTED + 5):
        looks.note(lin, [new.pk])
    looks.write_down()
    assert Newcomer.objects.get(pk=new.pk).looks == 1
    assert new.pk in Newcomer.objects.owed(["en"], timezone.now(), but=lin, count=12)


def test_nobody_fills_the_memory_with_looks(lin: User, shop: list[Course], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "MOST_A_DAY", 3)
    looks.note(lin, range(1, 10))
    assert looks.write_down() == 3


def test_each_signal_has_its_switch(lin: User, cole: User, shop: list[Course]) -> None:
    python = make_skill("python")
    Course.objects.filter(pk__in=[shop[0].pk, shop[2].pk]).update(skill_ids=[python.pk])
    Course.objects.filter(pk=shop[2].pk).update(category=Category.objects.get(slug="languages"), learners_count=9)
    enroll(lin, shop[0])
    Follow.objects.follow(lin, shop[0].creator)
    Links.objects.replace([(shop[0].pk, [(shop[2].pk, 0.4)])])

    def signals(**switches: bool) -> set[Signal]:
        set_taste(lin, goals=("languages",), **switches)
        return {r.signal for one in choosing.for_learner(lin, Taste.objects.of(lin)) for r in one.match.reasons}

    assert signals() == set(Signal)
    assert len(SWITCHES) == len(Signal)
    for signal, switch in SWITCH_OF.items():
        # Skills are read from her courses.
        gone = {signal, Signal.SKILLS} if signal == Signal.HISTORY else {signal}
        assert signals(**{switch: False}) == set(Signal) - gone, switch
    assert signals(**dict.fromkeys(SWITCHES, False)) == set()


def test_what_was_watched_counts_and_is_said(lin: User, shop: list[Course]) -> None:
    enrolled = enroll(lin, shop[0])
    Course.objects.filter(pk=shop[0].pk).update(duration_s=1_000)
    Links.objects.replace([(shop[0].pk, [(shop[3].pk, 0.4)])])

    def first() -> tuple[float, str]:
        card = explained.cards(lin)[0]
        assert card.course == shop[3]
        return card.parts[0].amount, card.why

    assert first() == (0.4, "Because you have “Course 0”")
    progress = LessonProgress.objects.open(learner_id=lin.pk, course_id=shop[0].pk, lesson_key=uuid.uuid4())
    LessonProgress.objects.filter(pk=progress.pk).update(covered_s=500)
    assert first() == (0.8, "Because you learn “Course 0”")
    LessonProgress.objects.filter(pk=progress.pk).update(covered_s=5_000)
    assert first() == (1.19, "Because you learn “Course 0”")
    enrolled.complete()
    assert first() == (1.2, "Because you finished “Course 0”")


def test_of_a_course_without_films_the_lessons_count(lin: User, shop: list[Course]) -> None:
    enroll(lin, shop[0])
    Course.objects.filter(pk=shop[0].pk).update(duration_s=0, lessons_count=4)
    LessonProgress.objects.open(learner_id=lin.pk, course_id=shop[0].pk, lesson_key=uuid.uuid4()).mark_read()
    assert people.person_of(lin, Taste.objects.of(lin)).history == {shop[0].pk: 0.25}


def test_the_list_costs_the_same_for_much_history(
    lin: User, shop: list[Course], django_assert_max_num_queries: object
) -> None:
    for course in shop[:4]:
        enroll(lin, course)
    Links.objects.replace([(course.pk, [(shop[5].pk, 0.3)]) for course in shop[:4]])
    with django_assert_max_num_queries(14):
        explained.cards(lin)
