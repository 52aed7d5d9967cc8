"""The studio's pages and API of quizzes, files and pictures."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Course, Lesson
from courses.quizzes import completeness
from tests.courses.factories import make_course, make_picture
from tests.courses.quizzes import add_quiz
from tests.flows.practice import pdf
from tests.learners.test_quiz_pages import BACKEND

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(live=False, lessons=1)


@pytest.fixture
def quiz(course: Course) -> Lesson:
    return add_quiz(course.draft.sections.first())


@pytest.fixture
def studio(client: Client, ada: User) -> Client:
    client.force_login(ada, backend=BACKEND)
    return client


def at(view: str, lesson: Lesson, *more: Any) -> str:
    return reverse(f"studio:{view}", args=[lesson.version.course.slug, lesson.pk, *more])


def test_a_quiz_is_written_with_forms_alone(studio: Client, course: Course) -> None:
    section = course.draft.sections.first()
    to = reverse("studio:add_lesson", args=[course.slug, section.pk])
    studio.post(to, {"title": "Test", "kind": "quiz"})
    lesson = Lesson.objects.get(title="Test")
    page = studio.post(at("add_question", lesson), {"kind": "single"}).headers["Location"]
    assert "Mark exactly one option as right" in studio.get(page).content.decode()
    form = {
        "revision": Lesson.objects.get(pk=lesson.pk).revision, "text": "Which is $x^2$?", "code": "  x = 1",
        "options-0-text": "Four", "options-0-is_right": "on", "options-0-explanation": "Two times two",
        "options-1-text": "Five", "options-2-text": " ", "points": 2, "pool": "easy",
    }  # fmt: skip
    assert studio.post(page, form).status_code == 302
    question = Lesson.objects.get(pk=lesson.pk).questions.questions[0]
    assert (question.text, question.code, question.points, question.pool) == ("Which is $x^2$?", "  x = 1", 2, "easy")
    assert [(each.text, each.is_right, each.explanation) for each in question.options] == [
        ("Four", True, "Two times two"), ("Five", False, "")
    ]  # fmt: skip
    late = studio.post(page, form)
    assert late.status_code == 409
    assert "edited in another window" in late.content.decode()


def test_code_to_read_is_written_with_forms_alone(studio: Client, course: Course) -> None:
    lesson = course.draft.sections.first().add_lesson("Test", "quiz")
    lines = studio.post(at("add_question", lesson), {"kind": "lines"}).headers["Location"]
    assert "Name the right lines by their numbers" in studio.get(lines).content.decode()
    form = {"text": "Which line?", "code": "x\r\ny\r\nz", "lines": "4", "points": 1}
    studio.post(lines, {**form, "revision": Lesson.objects.get(pk=lesson.pk).revision})
    assert "The code has no line 4." in studio.get(lines).content.decode()
    studio.post(lines, {**form, "lines": "2 – 3", "revision": Lesson.objects.get(pk=lesson.pk).revision})
    assert studio.get(lines).content.decode().count("data-right") == 2
    output = studio.post(at("add_question", lesson), {"kind": "output"}).headers["Location"]
    assert 'name="lines"' not in studio.get(output).content.decode()
    form = {"text": "What?", "code": "print(' 1')", "output": " 1\r\n", "points": 1}
    studio.post(output, {**form, "revision": Lesson.objects.get(pk=lesson.pk).revision})
    first, second = Lesson.objects.get(pk=lesson.pk).questions.questions
    assert (first.right, second.output.rstrip()) == (["2", "3"], " 1")
    assert completeness.is_complete(Lesson.objects.get(pk=lesson.pk).questions)


def test_the_rules_are_written_on_the_lesson_s_page(studio: Client, quiz: Lesson) -> None:
    quiz.refresh_from_db()
    form = {
        "title": "Renamed", "intro": "Ready?", "pass_percent": 80, "attempts": "", "wait_minutes": 5,
        "limit_minutes": 20, "reveal": "final", "revision": quiz.revision,
    }  # fmt: skip
    assert studio.post(at("lesson", quiz), form).status_code == 302
    quiz.refresh_from_db()
    rules = quiz.questions
    assert (quiz.title, rules.pass_percent, rules.attempts, rules.limit_minutes) == ("Renamed", 80, None, 20)
    assert not rules.shuffle
    assert studio.post(at("lesson", quiz), {**form, "pass_percent": 0, "revision": quiz.revision}).status_code == 422


def test_a_pool_has_a_number_to_draw(studio: Client, quiz: Lesson) -> None:
    for question in quiz.questions.questions[:3]:
        address = reverse("api-studio-question", args=[quiz.pk, question.id])
        studio.patch(address, json.dumps({"pool": "tools"}), "application/json")
    assert "draws-0-n" in studio.get(at("lesson", quiz)).content.decode()
    quiz.refresh_from_db()
    form = {"title": "T", "pass_percent": 70, "wait_minutes": 0, "reveal": "closed", "revision": quiz.revision}
    studio.post(at("lesson", quiz), {**form, "draws-0-pool": "tools", "draws-0-n": "2"})
    quiz.refresh_from_db()
    assert quiz.questions.asked == 4


def test_questions_move_and_go_by_buttons(studio: Client, quiz: Lesson) -> None:
    first, second = (each.id for each in quiz.questions.questions[:2])
    studio.post(at("move_question", quiz, first), {"direction": "down"})
    studio.post(at("remove_question", quiz, second))
    quiz.refresh_from_db()
    assert quiz.questions.questions[0].id == first
    assert len(quiz.questions.questions) == 4


def test_the_autosave_sends_what_the_api_takes(studio: Client, quiz: Lesson) -> None:
    quiz.refresh_from_db()
    question = quiz.questions.questions[0]
    told = {
        "text": "Which?", "code": "", "pool": "", "points": "1", "explanation": "", "revision": quiz.revision,
        "options": [{"id": question.options[0].id, "text": "Clay", "is_right": True, "explanation": ""},
                    {"id": "", "text": "", "is_right": False, "explanation": ""}],
    }  # fmt: skip
    address = reverse("api-studio-question", args=[quiz.pk, question.id])
    saved = studio.patch(address, json.dumps(told), "application/json")
    assert saved.status_code == 200, saved.content
    assert saved.json()["revision"] == quiz.revision + 1
    assert [each["id"] for each in saved.json()["options"]] == [question.options[0].id]
    assert studio.patch(address, json.dumps(told), "application/json").json()["code"] == "edited_elsewhere"
    rules = {"title": "New", "pass_percent": "75", "attempts": None, "limit_minutes": None, "wait_minutes": "0",
             "reveal": "closed", "shuffle": False, "intro": "", "revision": quiz.revision + 1}  # fmt: skip
    saved = studio.patch(reverse("api-studio-quiz", args=[quiz.pk]), json.dumps(rules), "application/json")
    assert saved.json()["rules"]["pass_percent"] == 75
    assert saved.json()["revision"] == quiz.revision + 2


def test_files_and_pictures_come_by_form_and_go_by_button(studio: Client, course: Course) -> None:
    holder = course.draft.sections.first().add_lesson("Take away", "file")
    studio.post(at("add_file", holder), {"file": [pdf(), pdf("run.exe"), pdf("b.pdf")]})
    assert [row.name for row in holder.files.all()] == ["plan.pdf", "b.pdf"]
    page = studio.get(at("lesson", holder)).content.decode()
    assert "run.exe: Files of this kind are not offered" in page
    studio.post(at("remove_file", holder, holder.files.all()[0].pk))
    assert [row.name for row in holder.files.all()] == ["b.pdf"]
    studio.post(at("add_picture", holder), {"picture": make_picture()})
    assert "![cover](picture:" in studio.get(at("lesson", holder)).content.decode()


def test_a_preview_of_a_text_has_formulas_and_the_lesson_s_pictures(studio: Client, course: Course) -> None:
    lesson = course.draft.sections.first().add_lesson("Read", "article")
    studio.post(at("add_picture", lesson), {"picture": make_picture()})
    pictures = studio.get(f"/api/v1/studio/lessons/{lesson.pk}/pictures/").json()
    line = "$a^2$ " + pictures[0]["markdown"]
    address = reverse("studio:text_preview")
    assert "<img" in studio.post(address, {"article": line, "lesson": str(lesson.key)}).content.decode()
    without = studio.post(address, {"article": line, "lesson": "rubbish"}).content.decode()
    assert "<math" in without
    assert "picture:" not in without
    assert "<math" not in studio.post(address, {"description": line}).content.decode()


def test_the_preview_and_the_curriculum_show_every_kind(studio: Client, course: Course, quiz: Lesson) -> None:
    holder = course.draft.sections.first().add_lesson("Take away", "file")
    studio.post(at("add_file", holder), {"file": pdf()})
    assert "Take away" in studio.get(reverse("studio:curriculum", args=[course.slug])).content.decode()
    preview = reverse("studio:preview", args=[course.slug])
    shown = studio.get(preview, {"lesson": quiz.pk}).content.decode()
    assert "Which fires hotter?" in shown
    assert "Why Kiln" in shown
    assert "plan.pdf" in studio.get(preview, {"lesson": holder.pk}).content.decode()


def test_the_moderator_sees_questions_with_their_key(client: Client, course: Course, quiz: Lesson, sam: User) -> None:
    submission = course.draft.submit(by=course.creator.user)
    client.force_login(sam, backend=BACKEND)
    page = client.get(reverse("moderation:case", args=[submission.pk]), {"lesson": str(quiz.key)}).content.decode()
    assert "Which fires hotter?" in page
    assert "Why Kiln" in page
