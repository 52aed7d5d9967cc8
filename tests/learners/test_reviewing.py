"""Spaced review: the same history gives the same days, in the learner's own zone, of what she may still see."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses import quiz_writing
from courses.models import Course, Lesson
from learners import attempts, item_figures, reviewing, spacing
from learners.models import ItemAnswer, ReviewCard
from tests import cast
from tests.courses.factories import publish
from tests.courses.quizzes import make_quiz_course, quiz_of, right_answers
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def make(lin: User, **rules: object) -> Lesson:
    course = make_quiz_course(**rules)
    enroll(lin, course)
    return quiz_of(course)


def days(shares: list[float]) -> list[int]:
    """After each answer, given on the day it was due: how many days until the next."""
    history: list[tuple[float, datetime]] = []
    at, waits = NOON, []
    for share in shares:
        history.append((share, at))
        spaced = spacing.after(history)
        assert spaced is not None
        waits.append((spaced.due_at - at).days)
        at = spaced.due_at
    return waits


def test_the_same_history_gives_the_same_days() -> None:
    assert days([1, 1, 1, 1]) == days([1, 1, 1, 1]) == [2, 11, 46, 163]
    assert days([1, 1, 0, 1]) == [2, 11, 2, 5]


def test_right_answers_come_back_later_and_wrong_ones_sooner() -> None:
    right, half, wrong = days([1, 1, 1]), days([1, 1, 0.5]), days([1, 1, 0])
    assert right[2] > half[2] > wrong[2] >= 1
    assert spacing.rating(0.99) == spacing.Rating.Hard


def test_nothing_comes_back_after_more_than_a_year() -> None:
    assert max(days([1] * 12)) == spacing.LONGEST_DAYS


def test_no_answers_are_no_card() -> None:
    assert spacing.after([]) is None


def told() -> list[dict[str, object]]:
    rows = ReviewCard.objects.order_by("question")
    return list(rows.values("question", "stability", "difficulty", "due_at", "answers", "lapses"))


def test_cards_follow_from_the_answers_alone(lin: User) -> None:
    lesson = make(lin)
    attempts.submit(lin, attempts.start(lin, lesson).pk, right_answers(lesson))
    attempts.submit(lin, attempts.start(lin, lesson).pk, {})
    before = told()
    assert {(card["answers"], card["lapses"]) for card in before} == {(2, 1)}
    ReviewCard.objects.all().delete()
    reviewing.follow(lin.pk, lesson.version.course_id, lesson.key)
    after = told()
    assert after == before


@pytest.mark.parametrize(
    ("zone", "is_due"),
    [
        ("UTC", False),
        ("Asia/Shanghai", True),
        ("Pacific/Kiritimati", True),
        ("America/Lima", True),
        ("Europe/Berlin", False),
    ],
)
def test_due_is_what_falls_into_the_learner_s_own_day(lin: User, zone: str, is_due: bool) -> None:
    lesson = make(lin)
    attempts.submit(lin, attempts.start(lin, lesson).pk, {})
    User.objects.filter(pk=lin.pk).update(time_zone=zone)
    lin.refresh_from_db()
    ReviewCard.objects.update(due_at=datetime(2026, 3, 3, 1, tzinfo=UTC))
    # In Shanghai it is the third of March already; in Lima that hour is still the evening of the second.
    assert bool(reviewing.due(lin, datetime(2026, 3, 2, 17, tzinfo=UTC))) is is_due


def test_a_zone_that_is_none_any_more_counts_as_utc(lin: User) -> None:
    lin.time_zone = "Mars/Olympus"
    assert reviewing.end_of_today(lin, NOON) == datetime(2026, 3, 3, tzinfo=UTC)


def test_the_longest_due_comes_first_and_the_list_is_the_same_each_time(lin: User) -> None:
    lesson = make(lin)
    attempts.submit(lin, attempts.start(lin, lesson).pk, {})
    cards = list(ReviewCard.objects.order_by("pk"))
    for card, ago in zip(cards, [3, 9, 3, 5, 1], strict=True):
        ReviewCard.objects.filter(pk=card.pk).update(due_at=NOON - ago * DAY)
    asked = [due.card.pk for due in reviewing.due(lin, NOON)]
    tied = sorted([cards[0], cards[2]], key=lambda card: card.question)
    assert asked == [cards[1].pk, cards[3].pk, tied[0].pk, tied[1].pk, cards[4].pk]
    assert asked == [due.card.pk for due in reviewing.due(lin, NOON)]


def overdue(lin: User, **rules: object) -> Lesson:
    lesson = make(lin, **rules)
    attempts.submit(lin, attempts.start(lin, lesson).pk, {})
    ReviewCard.objects.update(due_at=NOON - DAY)
    return lesson


def test_while_an_attempt_is_open_its_questions_are_not_asked_beside_it(lin: User) -> None:
    lesson = overdue(lin)
    assert len(reviewing.due(lin, NOON)) == 5
    attempts.start(lin, lesson)
    assert reviewing.due(lin, NOON) == []


def test_a_quiz_that_does_not_show_its_key_yet_asks_nothing(lin: User) -> None:
    lesson = make(lin, reveal="final", attempts=2)
    attempts.submit(lin, attempts.start(lin, lesson).pk, {})
    assert not ReviewCard.objects.exists()
    attempts.submit(lin, attempts.start(lin, lesson).pk, {})
    assert set(ReviewCard.objects.values_list("answers", flat=True)) == {2}


def test_after_a_refund_and_after_a_question_was_removed_nothing_of_it_is_asked(lin: User) -> None:
    lesson = overdue(lin)
    course = Course.objects.get(pk=lesson.version.course_id)
    draft = course.open_draft(course.creator.user)
    copied = draft.lessons.get(key=lesson.key)
    quiz_writing.remove_question(copied, copied.questions.questions[0].id)
    publish(draft)
    assert len(reviewing.due(lin, NOON)) == 4
    lin.enrollments.get().end("refunded")
    assert reviewing.due(lin, NOON) == []


def test_what_is_asked_no_more_holds_up_nothing(lin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many questions that a creator took out are the longest due: the others are found behind them."""
    monkeypatch.setattr(reviewing, "MOST_SHOWN", 2)
    lesson = overdue(lin)
    course = Course.objects.get(pk=lesson.version.course_id)
    draft = course.open_draft(course.creator.user)
    copied = draft.lessons.get(key=lesson.key)
    gone = [question.id for question in copied.questions.questions[:3]]
    for question in gone:
        quiz_writing.remove_question(copied, question)
        copied.refresh_from_db()
    publish(draft)
    ReviewCard.objects.filter(question__in=gone).update(due_at=NOON - 9 * DAY)
    left = [question.id for question in lesson.questions.questions[3:]]
    assert {due.question.id for due in reviewing.due(lin, NOON)} == set(left)
    assert reviewing.next_due(lin) is None
    with CaptureQueriesContext(connection) as asked:
        assert len(reviewing.due(lin, NOON)) == 2
    # One of each, however many are asked no more.
    read = [one["sql"] for one in asked if "learners_reviewcard" in one["sql"] or "courses_lesson" in one["sql"]]
    assert len(read) == 2
    assert reviewing.due_count(lin) == 2
    ReviewCard.objects.filter(question__in=gone).update(due_at=datetime(2099, 1, 1, tzinfo=UTC))
    ReviewCard.objects.exclude(question__in=gone).update(due_at=datetime(2099, 1, 2, tzinfo=UTC))
    upcoming = reviewing.next_due(lin)
    assert upcoming is not None
    assert str(upcoming.question) in left


def test_a_lesson_that_was_taken_out_holds_up_nothing_either(lin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviewing, "MOST_SHOWN", 5)
    old, lesson = overdue(lin), overdue(lin)
    ReviewCard.objects.filter(lesson_key=old.key).update(due_at=NOON - 9 * DAY)
    course = Course.objects.get(pk=old.version.course_id)
    draft = course.open_draft(course.creator.user)
    draft.lessons.get(key=old.key).remove()
    publish(draft)
    assert {due.lesson.key for due in reviewing.due(lin, NOON)} == {lesson.key}
    ReviewCard.objects.filter(lesson_key=old.key).update(due_at=datetime(2099, 1, 1, tzinfo=UTC))
    assert reviewing.next_due(lin) is None


def test_an_answer_in_review_moves_the_card_on(lin: User) -> None:
    overdue(lin)
    first = reviewing.due(lin)[0]
    given = reviewing.answer(lin, first.card.pk, right_answers(first.lesson)[first.question.id], answers_seen=1)
    assert given.share == 1
    card = ReviewCard.objects.get(pk=first.card.pk)
    assert card.answers == 2
    assert card.due_at > given.answered_at
    with pytest.raises(reviewing.NotDue):
        reviewing.answer(lin, first.card.pk, None, answers_seen=1)
    with pytest.raises(reviewing.NotDue):
        reviewing.answer(cast.cole(), first.card.pk, None, answers_seen=2)


def test_figures_of_items_are_hidden_under_five_people(lin: User) -> None:
    """Under five who answered, under five who were right, and under ten whose answers are compared."""
    lesson = make(lin, attempts=2)
    answers = right_answers(lesson)
    keys = list(answers)
    course = Course.objects.get(pk=lesson.version.course_id)

    def figures(key: str) -> item_figures.ItemFigures | None:
        asked = {question.id: question.fingerprint for question in lesson.questions.questions}
        return item_figures.of_quiz(lesson.key).get((key, asked[key]))

    # Who knows the rest knows the first and misses the last.
    found = []
    for number in range(10):
        person = cast.person(f"Learner {number}")
        enroll(person, course)
        known = keys[:4] if number % 2 == 0 else keys[4:]
        attempts.submit(person, attempts.start(person, lesson).pk, {key: answers[key] for key in known})
        found.append(figures(keys[0]))
    assert found[:4] == [None] * 4
    told = [(one.people, one.percent, one.discrimination) for one in found[4:] if one]
    assert told == [(5, None, None), (6, None, None), (7, None, None), (8, None, None), (9, 56, None), (10, 50, 1.0)]
    last = figures(keys[4])
    assert last is not None
    assert (last.percent, last.discrimination, last.is_doubtful) == (50, -1.0, True)
    # A second attempt, and answers in review, change nothing.
    again = cast.person("Learner 4")
    attempts.submit(again, attempts.start(again, lesson).pk, answers)
    assert figures(keys[0]) == found[9]
    assert ItemAnswer.objects.count() == 55
