"""Pages of files, quizzes and review, without a line of JavaScript; and the same over the API."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Attachment, Course, Lesson, Picture
from learners import attempts
from learners.models import AttemptAnswers, FileOpening, ItemAnswer, LessonProgress, QuizResult, ReviewCard
from tests.courses.factories import make_course, make_picture, publish
from tests.courses.quizzes import add_code_quiz, make_quiz_course, quiz_of, right_answers
from tests.flows.practice import pdf
from tests.learners.factories import enroll

pytestmark = pytest.mark.django_db
BACKEND = "accounts.backend.Backend"


@pytest.fixture
def course(ada: User) -> Course:
    return make_quiz_course()


@pytest.fixture
def lesson(course: Course, lin: User) -> Lesson:
    enroll(lin, course)
    return quiz_of(course)


@pytest.fixture
def as_lin(client: Client, lin: User) -> Client:
    client.force_login(lin, backend=BACKEND)
    return client


def to(view: str, lesson: Lesson, *more: Any) -> str:
    return reverse(f"learners:{view}", args=[lesson.version.course.slug, lesson.key, *more])


def filled(lesson: Lesson) -> dict[str, Any]:
    """The form of an attempt with all right answers, as a browser sends it."""
    form: dict[str, Any] = {}
    for question in lesson.questions.questions:
        answer = right_answers(lesson)[question.id]
        if question.kind == "order":
            form |= {f"q-{question.id}-{key}": str(place) for place, key in enumerate(answer, 1)}
        else:
            form[f"q-{question.id}"] = answer
    return form


def secrets_of(lesson: Lesson) -> list[str]:
    """Words that only who may see the key can have got."""
    return ["Why Kiln", "Why Clay", "is_right", "0.333", "Slip Glaze", "化妆土"]


def test_a_quiz_is_taken_with_forms_alone(as_lin: Client, lesson: Lesson) -> None:
    assert "Start the quiz" in as_lin.get(to("lesson", lesson)).content.decode()
    begun = as_lin.post(to("start_attempt", lesson))
    assert begun.headers["Location"] == to("attempt", lesson, 1)
    page = as_lin.get(begun.headers["Location"]).content.decode()
    assert page.count("<fieldset") == 5
    done = as_lin.post(to("submit_attempt", lesson, 1), filled(lesson))
    text = as_lin.get(done.headers["Location"]).content.decode()
    assert "100 % · Passed" in text
    assert "Why Kiln" in text
    assert "Try again" in as_lin.get(to("lesson", lesson)).content.decode()


def test_code_is_read_line_by_line_with_forms_alone(as_lin: Client, lin: User) -> None:
    quiz = quiz_of(enroll(lin, make_quiz_course(add_code_quiz)).course)
    as_lin.post(to("start_attempt", quiz))
    page = as_lin.get(to("attempt", quiz, 1)).content.decode()
    assert page.count('type="checkbox"') == 3
    assert "data-right" not in page
    assert " 1\n10" not in page
    marked, printed = (f"q-{question.id}" for question in quiz.questions.questions)
    as_lin.post(to("submit_attempt", quiz, 1), {"save": "1", marked: ["2", "3"], printed: "1\r\n10"})
    kept = as_lin.get(to("attempt", quiz, 1)).content.decode()
    assert kept.count(" checked>") == 2
    assert ">\n1\n10</textarea>" in kept
    as_lin.post(to("submit_attempt", quiz, 1), {marked: ["2"], printed: " 1 \r\n10\r\n"})
    done = as_lin.get(to("attempt", quiz, 1)).content.decode()
    assert "100 % · Passed" in done
    assert done.count("data-right") == 1
    assert "<code> 1\n10</code>" in done


def test_what_is_right_never_leaves_before_the_attempt_is_closed(as_lin: Client, lesson: Lesson) -> None:
    as_lin.post(to("start_attempt", lesson))
    slug, pk = lesson.version.course.slug, AttemptAnswers.objects.get().attempt_id
    addresses = [
        to("lesson", lesson), to("attempt", lesson, 1), reverse("learners:review"),
        reverse("courses:detail", args=[slug]),
        f"/api/v1/courses/{slug}/", f"/api/v1/courses/{slug}/progress/", f"/api/v1/lessons/{lesson.key}/quiz/",
        f"/api/v1/attempts/{pk}/", "/api/v1/review/",
    ]  # fmt: skip
    told = {address: as_lin.get(address).content.decode() for address in addresses}
    told["saved"] = as_lin.patch(
        f"/api/v1/attempts/{pk}/answers/", json.dumps({"answers": {}}), "application/json"
    ).content.decode()
    told["started"] = as_lin.post(f"/api/v1/lessons/{lesson.key}/attempts/").content.decode()
    assert not [(address, word) for address, text in told.items() for word in secrets_of(lesson) if word in text]
    order = lesson.questions.questions[4]
    shown = re.findall(r'data-option="(\w+)"', told[to("attempt", lesson, 1)])
    assert sorted(shown) == sorted(order.right_ids)
    assert shown != order.right_ids


def test_with_questions_open_the_page_asks_once_more_and_keeps_what_is_there(as_lin: Client, lesson: Lesson) -> None:
    as_lin.post(to("start_attempt", lesson))
    form = dict(list(filled(lesson).items())[:2])
    page = as_lin.post(to("submit_attempt", lesson, 1), form)
    assert page.status_code == 422
    assert "3 questions have no answer yet" in page.content.decode()
    assert len(AttemptAnswers.objects.get().given) == 2
    as_lin.post(to("submit_attempt", lesson, 1), {**form, "anyway": "1"})
    assert QuizResult.objects.get().percent == 40


def test_kept_answers_stand_in_the_form_again(as_lin: Client, lesson: Lesson) -> None:
    as_lin.post(to("start_attempt", lesson))
    page = as_lin.post(to("submit_attempt", lesson, 1), {**filled(lesson), "save": "1"})
    assert "Your answers are kept" in page.content.decode()
    text = as_lin.get(to("attempt", lesson, 1)).content.decode()
    form = text[text.index("data-attempt=") :]
    assert form.count(" checked>") == 3
    assert form.count(" selected>") == 3
    assert 'value="0.333"' in text
    assert not QuizResult.objects.exists()


def test_an_order_with_one_place_twice_is_no_answer(as_lin: Client, lesson: Lesson) -> None:
    as_lin.post(to("start_attempt", lesson))
    order = lesson.questions.questions[4]
    form = {f"q-{order.id}-{option.id}": "1" for option in order.options}
    as_lin.post(to("submit_attempt", lesson, 1), {**form, "save": "1"})
    assert AttemptAnswers.objects.get().given == {}


def test_an_answer_that_was_taken_back_is_graded_no_more(as_lin: Client, lesson: Lesson) -> None:
    as_lin.post(to("start_attempt", lesson))
    as_lin.post(to("submit_attempt", lesson, 1), {**filled(lesson), "save": "1"})
    kept = AttemptAnswers.objects.get().given
    page = as_lin.get(to("attempt", lesson, 1)).content.decode()
    by_kind = {each.kind: each for each in lesson.questions.questions}
    several, order = by_kind["multiple"], by_kind["order"]
    assert f'<input type="hidden" name="q-{several.id}" value="">' in page
    unticked = {f"q-{several.id}": ""} | {f"q-{order.id}-{option.id}": "1" for option in order.options}
    as_lin.post(to("submit_attempt", lesson, 1), {**filled(lesson), **unticked, "anyway": "1"})
    result = QuizResult.objects.get()
    assert kept.keys() - result.answers.keys() == {several.id, order.id}
    assert result.percent == 60


def test_questions_are_marked_with_the_language_of_the_course(as_lin: Client, lesson: Lesson) -> None:
    as_lin.post(to("start_attempt", lesson))
    first = lesson.questions.questions[0]
    page = as_lin.get(to("attempt", lesson, 1), headers={"Accept-Language": "zh-hans"}).content.decode()
    assert f'id="q-{first.id}-text" lang="{lesson.version.language}"' in page
    assert '<div class="choices" lang="en">' in page
    as_lin.post(to("submit_attempt", lesson, 1), {**filled(lesson), "anyway": "1"})
    page = as_lin.get(to("attempt", lesson, 1)).content.decode()
    assert page.count('<div class="prose" dir="auto" lang="en">') == len(lesson.questions.questions)


def test_the_creator_sees_the_page_but_takes_no_quiz(client: Client, lesson: Lesson, ada: User) -> None:
    client.force_login(ada, backend=BACKEND)
    assert client.get(to("lesson", lesson)).status_code == 200
    assert client.post(to("start_attempt", lesson)).status_code == 403
    assert client.get(to("attempt", lesson, 1)).status_code == 404


def test_the_api_takes_a_quiz_from_start_to_key(as_lin: Client, lesson: Lesson) -> None:
    begun = as_lin.post(f"/api/v1/lessons/{lesson.key}/attempts/").json()
    assert [each["kind"] for each in begun["questions"]] == ["single", "multiple", "number", "text", "order"]
    answers = json.dumps({"answers": right_answers(lesson)})
    kept = as_lin.patch(f"/api/v1/attempts/{begun['id']}/answers/", answers, "application/json").json()
    assert kept["answered"] == 5
    done = as_lin.post(f"/api/v1/attempts/{begun['id']}/submit/", "{}", "application/json").json()
    assert (done["percent"], done["passed"]) == (100, True)
    told = as_lin.get(f"/api/v1/attempts/{begun['id']}/").json()
    assert [item["share"] for item in told["key"]] == [1.0] * 5
    late = as_lin.patch(f"/api/v1/attempts/{begun['id']}/answers/", answers, "application/json")
    assert (late.status_code, late.json()["code"]) == (409, "attempt_closed")
    assert as_lin.get(f"/api/v1/lessons/{lesson.key}/quiz/").json()["is_passed"] is True


def test_what_is_due_is_answered_once_and_comes_back_later(as_lin: Client, lesson: Lesson, lin: User) -> None:
    attempts.submit(lin, attempts.start(lin, lesson).pk, right_answers(lesson))
    assert "Nothing is due" in as_lin.get("/review/").content.decode()
    assert "Review" in as_lin.get("/library/").content.decode()
    first = ReviewCard.objects.order_by("pk")[0]
    ReviewCard.objects.filter(pk=first.pk).update(due_at=first.answered_at)
    page = as_lin.get("/review/").content.decode()
    assert "1 question today" in page
    question = lesson.questions.question(str(first.question))
    assert question is not None
    form = {"card": first.pk, "answers": 1, f"q-{question.id}": question.options[0].id}
    assert as_lin.post("/review/answer/", {"card": first.pk, "answers": 1}).headers["Location"] == "/review/"
    assert not ItemAnswer.objects.filter(attempt=None).exists()
    shown = as_lin.get(as_lin.post("/review/answer/", form).headers["Location"]).content.decode()
    assert "This question comes back on" in shown
    assert "Not right" in shown
    assert as_lin.post("/review/answer/", form).headers["Location"] == "/review/"
    assert ItemAnswer.objects.filter(attempt=None).count() == 1


@pytest.fixture
def beside(ada: User, lin: User) -> Lesson:
    """A live lesson with two files, and an article with a picture."""
    course = make_course(live=False, lessons=1)
    section = course.draft.sections.first()
    holder = section.add_lesson("Take away", "file")
    Attachment.add(holder, pdf("Plan für alle.pdf"))
    Attachment.add(holder, pdf("b.pdf"))
    article = section.add_lesson("Read", "article")
    picture = Picture.add(article, make_picture(), by=ada)
    article.edit(article=f"![A bowl](picture:{picture.pk}) $a^2$")
    publish(course.draft)
    enroll(lin, Course.objects.get(pk=course.pk))
    return Course.objects.get(pk=course.pk).live_lessons().select_related("version__course").get(kind="file")


def test_a_lesson_of_files_is_done_once_each_was_opened(as_lin: Client, beside: Lesson, lin: User) -> None:
    addresses = [reverse("learners:file", args=[beside.key, row.key]) for row in beside.files.all()]
    answer = as_lin.get(addresses[0])
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''Plan%20f%C3%BCr%20alle.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    as_lin.get(addresses[0])
    assert not LessonProgress.objects.get(learner=lin, lesson_key=beside.key).is_done
    as_lin.head(addresses[1])
    assert FileOpening.objects.count() == 1
    as_lin.get(addresses[1])
    assert LessonProgress.objects.get(learner=lin, lesson_key=beside.key).is_done


def test_who_may_not_see_the_lesson_gets_neither_file_nor_picture(client: Client, cole: User, beside: Lesson) -> None:
    article = beside.version.lessons.get(kind="article")
    addresses = [
        reverse("learners:file", args=[beside.key, beside.files.all()[0].key]),
        reverse("learners:picture", args=[article.key, Picture.objects.get().pk]),
        f"/api/v1/lessons/{beside.key}/files/",
    ]
    assert [client.get(address).status_code for address in addresses] == [404] * 3
    client.force_login(cole, backend=BACKEND)
    assert [client.get(address).status_code for address in addresses] == [404] * 3
    assert not FileOpening.objects.exists()


def test_after_a_refund_the_files_are_gone(as_lin: Client, beside: Lesson, lin: User) -> None:
    lin.enrollments.get().end("refunded")
    assert as_lin.get(reverse("learners:file", args=[beside.key, beside.files.all()[0].key])).status_code == 404


def test_an_article_shows_its_picture_and_its_formula(as_lin: Client, beside: Lesson) -> None:
    article = beside.version.lessons.get(kind="article")
    text = as_lin.get(to("lesson", article)).content.decode()
    picture = reverse("learners:picture", args=[article.key, Picture.objects.get().pk])
    assert f'<img src="{picture}" alt="A bowl"' in text
    assert "<msup><mi>a</mi><mn>2</mn></msup>" in text
    answer = as_lin.get(picture)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"].startswith("private")
