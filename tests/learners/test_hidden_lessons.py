"""A lesson that a moderator has hidden: nothing waits for it, and its hiding takes nothing from anybody."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from courses.models import Course, Lesson, Restriction
from learners import attempts, completion, reviewing, shelf, way
from learners.assignments import peers
from learners.certificates import issuing
from learners.models import Enrollment, LessonProgress, QuizAttempt, ReviewCard
from tests.courses.assignments import assignment_of, make_assignment_course
from tests.courses.factories import make_course
from tests.courses.quizzes import make_quiz_course, quiz_of, right_answers
from tests.learners import works
from tests.learners.certified import do_all, make_certificate
from tests.learners.factories import enroll
from tests.videos.films import text_file
from videos import captions

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User, lin: User) -> Course:
    course = make_course()
    enroll(lin, course)
    return course


def lessons(course: Course) -> list[Lesson]:
    return list(course.live_lessons().select_related("version__course"))


def do(lin: User, lesson: Lesson) -> None:
    course = lesson.version.course
    LessonProgress.objects.create(learner=lin, course=course, lesson_key=lesson.key, done_at=timezone.now())
    completion.lesson_done(mine(lin, course))


def hide(lesson: Lesson, sam: User) -> Restriction:
    return Restriction.objects.impose(
        "hide", lesson.version.course, by=sam, rule_code="copyright", rule_version=1, reason="a claim",
        lesson_key=lesson.key,
    )  # fmt: skip


def mine(lin: User, course: Course) -> Enrollment:
    return Enrollment.objects.of(lin).get(course=course)


def test_a_course_is_complete_without_its_hidden_lesson(lin: User, sam: User, course: Course) -> None:
    one, two, three = lessons(course)
    hide(two, sam)
    do(lin, one)
    assert mine(lin, course).completed_at is None
    do(lin, three)
    assert mine(lin, course).completed_at is not None
    steps = way.through(course, lin)
    assert (steps.done, steps.total, steps.is_complete) == (2, 2, True)


def test_hiding_completes_nobody_by_itself_but_she_may_ask_for_the_certificate(
    lin: User, sam: User, course: Course
) -> None:
    one, two, three = lessons(course)
    do(lin, one)
    do(lin, three)
    hide(two, sam)
    assert mine(lin, course).completed_at is None  # a refund is still hers to ask for
    client = Client()
    client.force_login(lin)
    ask = reverse("learners:ask_certificate", args=[course.slug])
    assert f'href="{ask}"' in client.get(course.get_absolute_url()).content.decode()
    page = client.get(reverse("learners:lesson", args=[course.slug, one.key])).content.decode()
    assert "You have done every lesson that this course has now." in page
    certificate = issuing.issue(lin, course, "Lin")
    assert [told["key"] for told in certificate.evidence["lessons"]] == [str(one.key), str(three.key)]
    assert mine(lin, course).completed_at is not None


def test_a_course_that_is_hidden_whole_completes_nobody_and_certifies_nobody(
    lin: User, sam: User, course: Course
) -> None:
    one, two, three = lessons(course)
    hide(two, sam)
    hide(three, sam)
    row = hide(one, sam)
    assert completion.what_is_left(lin, course).count() == 0
    with pytest.raises(issuing.NoLessonCounts):
        issuing.issue(lin, course, "Lin")
    client = Client()
    client.force_login(lin)
    address = reverse("learners:ask_certificate", args=[course.slug])
    page = client.get(address).content.decode()
    assert "No lesson of this course can be opened at the moment" in page
    assert "Issue my certificate" not in page
    assert client.post(address, {"name": "Lin"}).status_code == 409
    home = client.get(reverse("learners:course", args=[course.slug]), follow=True)
    assert home.status_code == 403
    assert "This lesson is hidden for now" in home.content.decode()
    do(lin, one)  # a report that came in before it was hidden and was settled after
    assert mine(lin, course).completed_at is None
    row.lift(by=sam, reason="no claim after all")
    assert issuing.issue(lin, course, "Lin").evidence["lessons"][0]["key"] == str(one.key)


def test_who_has_finished_stays_so_when_a_lesson_is_hidden_and_shown_again(
    lin: User, sam: User, course: Course
) -> None:
    certificate = make_certificate(lin, course)
    row = hide(lessons(course)[1], sam)
    assert mine(lin, course).completed_at is not None
    row.lift(by=sam, reason="no claim after all")
    assert mine(lin, course).completed_at is not None
    assert issuing.present(lin, course) == certificate


def test_a_lesson_shown_again_is_waited_for_again(lin: User, sam: User, course: Course) -> None:
    row = hide(lessons(course)[1], sam)
    assert completion.what_is_left(lin, course).count() == 2
    row.lift(by=sam, reason="no claim after all")
    assert completion.what_is_left(lin, course).count() == 3


def test_the_way_leads_around_it(lin: User, sam: User, course: Course) -> None:
    one, two, three = lessons(course)
    do(lin, one)
    hide(two, sam)
    steps = way.through(course, lin)
    assert steps.current is not None
    assert steps.current.lesson == three
    assert [lesson and lesson.key for lesson in steps.neighbors(one.key)] == [None, three.key]
    client = Client()
    client.force_login(lin)
    page = client.get(reverse("learners:lesson", args=[course.slug, one.key])).content.decode()
    assert reverse("learners:lesson", args=[course.slug, two.key]) not in page
    assert "Not available now" in page
    assert "1 of 2 done" in page
    page = client.get(reverse("learners:lesson", args=[course.slug, three.key])).content.decode()
    assert [count for count in ("1 of 2 done", "2 of 2 done") if count in page] == ["1 of 2 done", "2 of 2 done"]
    assert page.index('data-until="lesson-done">1 of 2') < page.index('data-when="lesson-done" hidden>2 of 2')


def test_shelf_and_api_count_without_it(lin: User, sam: User, course: Course) -> None:
    do_all(lin, course)
    hide(lessons(course)[0], sam)
    shelved = shelf.fill(lin, list(shelf.enrollments_of(lin)))[0]
    assert (shelved.done, shelved.total, shelved.percent) == (2, 2, 100)
    client = Client()
    client.force_login(lin)
    told = client.get(reverse("api-library")).json()["results"][0]
    assert (told["lessons_done"], told["lessons_count"]) == (2, 2)
    told = client.get(reverse("api-course-progress", args=[course.slug])).json()
    assert (told["done"], told["total"], [one["is_hidden"] for one in told["lessons"]]) == (2, 2, [True, False, False])
    assert [(part["done"], part["total"], len(part["lessons"])) for part in told["sections"]] == [(2, 2, 3)]


def test_its_captions_are_searched_by_its_creator_and_moderators_alone(
    lin: User, ada: User, sam: User, course: Course
) -> None:
    one, two, _three = lessons(course)
    for lesson, line in ((one, "We wedge the clay"), (two, "Clay is glazed")):
        captions.put(lesson.video, language="en", file=text_file(f"1\n00:00:00,000 --> 00:00:02,000\n{line}\n"))
    row = hide(two, sam)
    addresses = [
        reverse(name, args=[course.slug]) for name in ("learners:search_transcripts", "api-course-transcripts")
    ]
    for person, reads in ((lin, False), (ada, True), (sam, True)):
        client = Client()
        client.force_login(person)
        for address in addresses:
            text = client.get(address, {"q": "clay"}).content.decode()
            assert ("We wedge" in text, "is glazed" in text) == (True, reads)
    row.lift(by=sam, reason="no claim after all")
    client = Client()
    client.force_login(lin)
    assert all("is glazed" in client.get(address, {"q": "clay"}).content.decode() for address in addresses)


@pytest.fixture
def quiz(ada: User, lin: User) -> Lesson:
    made = make_quiz_course()
    enroll(lin, made)
    return quiz_of(made)


def test_a_hidden_quiz_asks_nothing_in_review_and_shows_no_key(lin: User, sam: User, quiz: Lesson) -> None:
    attempts.submit(lin, attempts.start(lin, quiz).pk, {})
    ReviewCard.objects.update(due_at=timezone.now() - timedelta(days=1))
    first = reviewing.due(lin)[0]
    given = reviewing.answer(lin, first.card.pk, None, answers_seen=1)
    ReviewCard.objects.update(due_at=timezone.now() - timedelta(days=1))
    left = reviewing.due(lin)
    client = Client()
    client.force_login(lin)
    shown = reverse("learners:reviewed", args=[given.pk])
    assert client.get(shown).status_code == 200
    row = hide(quiz, sam)
    assert (reviewing.due(lin), reviewing.next_due(lin)) == ([], None)
    with pytest.raises(reviewing.NotDue):
        reviewing.answer(lin, left[0].card.pk, None, answers_seen=left[0].card.answers)
    assert client.get(shown).status_code == 404
    assert client.get(reverse("api-review")).json() == []
    row.lift(by=sam, reason="no claim after all")
    assert reviewing.due(lin) == left


def test_an_open_attempt_at_a_hidden_quiz_waits_on_page_and_api_alike(lin: User, sam: User, quiz: Lesson) -> None:
    begun = attempts.start(lin, quiz)
    row = hide(quiz, sam)
    client, api = Client(), APIClient()
    client.force_login(lin)
    api.force_authenticate(lin)
    page = reverse("learners:attempt", args=[quiz.version.course.slug, quiz.key, begun.number])
    one, answers, submit = (
        reverse(name, args=[begun.pk]) for name in ("api-attempt", "api-attempt-answers", "api-attempt-submit")
    )
    told = {"answers": right_answers(quiz)}
    refused = [
        client.get(page), api.get(one), api.patch(answers, told, format="json"), api.post(submit, told, format="json"),
    ]  # fmt: skip
    assert [answer.status_code for answer in refused] == [404] * 4
    assert QuizAttempt.objects.get(pk=begun.pk).answers.given == {}
    row.lift(by=sam, reason="no claim after all")
    assert api.post(submit, told, format="json").json()["passed"] is True


def test_a_peers_work_of_a_hidden_assignment_is_out_of_reach(sam: User, ada: User) -> None:
    lesson = assignment_of(make_assignment_course(reviewing="peers", own_reviews=1, fallback_days=7))
    people = works.people(2)
    for person in people:
        works.hand_in(person, lesson)
    turn = peers.take(people[0], lesson)
    api = APIClient()
    api.force_authenticate(people[0])
    address = reverse("api-peer-review", args=[turn.pk])
    assert api.get(address).status_code == 200
    hide(lesson, sam)
    assert api.get(address).status_code == 404


def test_a_certificate_counts_the_length_of_what_could_be_watched(lin: User, sam: User, course: Course) -> None:
    hide(lessons(course)[1], sam)
    found = make_certificate(lin, course)
    assert (found.evidence["watched_s"], found.evidence["length_s"]) == (60, 60)
    assert sum(told["length_s"] for told in found.evidence["lessons"]) == 60
