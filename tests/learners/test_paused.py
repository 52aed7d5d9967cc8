"""A right that is paused (a part or a month was not paid): nothing is learned by it, and nothing of it is lost."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from community import circle
from courses.models import Course, Lesson
from discovery import moments
from learners import attempts, completion, freshness, reviewing, rights, said
from learners.assignments import assessing, handing_in, peers
from learners.assignments.assessing import TurnOver
from learners.attempts import NotEnrolled
from learners.certificates import issuing
from learners.models import Enrollment, HandIn, LessonProgress, QuizAttempt
from marketplace.lib.errors import NotAllowed
from tests import cast
from tests.community.factories import ask
from tests.courses.assignments import assignment_of, make_assignment_course
from tests.courses.factories import make_course, publish
from tests.courses.quizzes import make_quiz_course, quiz_of, right_answers
from tests.learners import works
from tests.learners.certified import do_all
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db


def pause(learner: User) -> None:
    Enrollment.objects.of(learner).update(paused_at=timezone.now())


def wake(learner: User) -> None:
    Enrollment.objects.of(learner).update(paused_at=None)


@pytest.fixture
def course(ada: User, lin: User) -> Course:
    """Two lessons that are no previews: a film, and an article."""
    made = make_course(live=False, lessons=1)
    made.draft.sections.first().add_lesson("Read this", "article").edit(article="# Clay")
    publish(made.draft)
    course = Course.objects.get(pk=made.pk)
    enroll(lin, course)
    return course


def article(course: Course) -> Lesson:
    return course.live_lessons().get(kind="article")


def test_finds_no_words(course: Course, lin: User) -> None:
    assert said.may_search(lin, course)
    assert course.pk in moments.courses_of(lin)
    pause(lin)
    assert not said.may_search(lin, course)
    assert course.pk not in moments.courses_of(lin)
    wake(lin)
    assert said.may_search(lin, course)


def test_marks_nothing_as_read(course: Course, lin: User) -> None:
    pause(lin)
    completion.mark_read(lin, course, article(course))
    assert not LessonProgress.objects.of(lin).exists()
    wake(lin)
    completion.mark_read(lin, course, article(course))
    assert LessonProgress.objects.of(lin).get().is_done


def test_the_pages_are_closed(course: Course, lin: User, client: Client) -> None:
    client.force_login(lin)
    pause(lin)
    for name in ("learners:course_changes", "learners:search_transcripts"):
        assert client.get(reverse(name, args=[course.slug])).status_code in (403, 404)
    assert client.get(reverse("learners:lesson", args=[course.slug, article(course).key])).status_code == 403
    with pytest.raises(NotAllowed):
        freshness.report(lin, course, text="It is old")


def test_takes_no_quiz_and_is_asked_no_card(ada: User, lin: User) -> None:
    lesson = quiz_of(make_quiz_course(reveal="closed"))
    enroll(lin, lesson.version.course)
    first = attempts.start(lin, lesson)
    pause(lin)
    for act in (
        lambda: attempts.start(lin, lesson),
        lambda: attempts.keep(lin, first.pk, {}),
        lambda: attempts.submit(lin, first.pk, right_answers(lesson)),
    ):
        with pytest.raises(NotEnrolled):
            act()
    wake(lin)
    assert attempts.submit(lin, first.pk, right_answers(lesson)).passed
    assert reviewing.next_due(lin) is not None
    pause(lin)
    assert reviewing.next_due(lin) is None


def test_sees_what_came_of_a_quiz_and_not_what_is_open(ada: User, lin: User, client: Client) -> None:
    """By page and API alike."""
    lesson = quiz_of(make_quiz_course(reveal="closed"))
    enroll(lin, lesson.version.course)
    client.force_login(lin)

    def looked(begun: QuizAttempt) -> list[int]:
        page = reverse("learners:attempt", args=[lesson.version.course.slug, lesson.key, begun.number])
        return [client.get(each).status_code for each in (page, reverse("api-attempt", args=[begun.pk]))]

    done = attempts.start(lin, lesson)
    attempts.submit(lin, done.pk, right_answers(lesson))
    begun = attempts.start(lin, lesson)
    pause(lin)
    assert (looked(done), looked(begun)) == ([200] * 2, [404] * 2)
    for name in ("api-attempt-answers", "api-attempt-submit"):
        send = client.patch if name.endswith("answers") else client.post
        told = send(reverse(name, args=[begun.pk]), {"answers": {}}, content_type="application/json")
        assert told.status_code == 404
    wake(lin)
    assert looked(begun) == [200] * 2
    Enrollment.objects.of(lin).get().end("refunded")
    assert looked(done) == [404] * 2


def test_hands_nothing_in_and_reviews_nobody(ada: User, lin: User, cole: User) -> None:
    lesson = assignment_of(make_assignment_course(reviewing="peers", own_reviews=0))
    works.hand_in(lin, lesson)
    works.hand_in(cole, lesson)
    turn = peers.take(lin, lesson)
    pause(lin)
    with pytest.raises(handing_in.NotYourAssignment):
        handing_in.open_draft(lin, lesson)
    with pytest.raises(handing_in.NotYourAssignment):
        peers.take(lin, lesson)
    with pytest.raises(TurnOver):
        assessing.assess(lin, turn.pk, {}, works.WORDS)
    assert HandIn.objects.of(lin).count() == 1  # what she has handed in is looked at all the same
    assert len(peers.candidates(cole, lesson)) == 1


def test_reads_what_was_asked_and_writes_nothing(course: Course, lin: User, cole: User) -> None:
    ask(cole, course)
    pause(lin)
    place = circle.of(lin, course)
    assert (place.reads, place.writes) == (True, False)
    assert circle.questions(course, place).count() == 1
    with pytest.raises(circle.NotInTheCourse):
        circle.must_write(lin, course)


def test_keeps_what_was_done(course: Course, lin: User, client: Client) -> None:
    do_all(lin, course)
    pause(lin)
    assert issuing.issue(lin, course, "Lin Wei").code
    client.force_login(lin)
    assert course.title in client.get(reverse("learners:library")).content.decode()


def test_nobody_may_learn_a_course_of_others(course: Course, lin: User) -> None:
    assert rights.may_learn(lin, course.pk)
    assert not rights.may_learn(cast.cole(), course.pk)
    assert rights.learning(lin.pk, course.pk) == Enrollment.objects.of(lin).get()
    pause(lin)
    assert rights.learning(lin.pk, course.pk) is None
