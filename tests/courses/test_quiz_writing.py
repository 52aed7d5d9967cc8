"""Writing quizzes, files and pictures: rules, versions, and what the database refuses."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.http import Http404

from accounts.models import User
from courses import comparing, quiz_writing
from courses.models import Attachment, Course, Lesson, Picture
from courses.models.attachment import private_files
from courses.models.version import EditedElsewhere, NotReady, VersionClosed
from marketplace.lib.errors import NotAllowed
from tests.courses.factories import make_course, make_picture, publish
from tests.courses.quizzes import add_quiz, make_quiz_course, options, quiz_of

pytestmark = pytest.mark.django_db


def pdf(name: str = "plan.pdf", body: bytes = b"%PDF-1.7 a plan") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


@pytest.fixture
def draft(ada: User) -> Course:
    return make_course(live=False, lessons=1)


@pytest.fixture
def quiz(draft: Course) -> Lesson:
    return add_quiz(draft.draft.sections.first())


@pytest.fixture
def files(draft: Course) -> Lesson:
    return draft.draft.sections.first().add_lesson("Take away", "file")


def test_a_quiz_has_a_length_and_its_course_with_it(quiz: Lesson) -> None:
    quiz.refresh_from_db()
    assert quiz.duration_s >= 5 * 30
    assert quiz.version.duration_s >= quiz.duration_s


def test_an_edit_of_another_window_is_refused_and_nothing_is_written(quiz: Lesson) -> None:
    question = quiz.questions.questions[0]
    with pytest.raises(EditedElsewhere):
        quiz_writing.change_question(quiz, question.id, {"text": "Mine"}, revision=0)
    with pytest.raises(EditedElsewhere):
        quiz_writing.change_rules(quiz, {"pass_percent": 10}, revision=0)
    quiz.refresh_from_db()
    assert quiz.questions.questions[0].text == question.text


def test_an_option_keeps_its_id_by_what_was_sent_or_by_what_it_says(quiz: Lesson) -> None:
    question = quiz.questions.questions[0]
    clay, kiln, glaze = question.options
    rows = [{"text": "Fire", "id": kiln.id, "is_right": True}, {"text": "Glaze"}, {"text": " "}, {"text": "New"}]
    changed = quiz_writing.change_question(quiz, question.id, {"options": rows})
    assert [option.id for option in changed.options][:2] == [kiln.id, glaze.id]
    assert changed.options[2].id not in {clay.id, kiln.id, glaze.id}
    assert len(changed.options) == 3


def test_two_rows_with_one_id_become_two_options(quiz: Lesson) -> None:
    question = quiz.questions.questions[0]
    same = question.options[0].id
    changed = quiz_writing.change_question(
        quiz, question.id, {"options": [{"text": "A", "id": same}, {"text": "B", "id": same}]}
    )
    assert len({option.id for option in changed.options}) == 2


def test_questions_move_and_go(quiz: Lesson) -> None:
    first, second, *_rest = [each.id for each in quiz.questions.questions]
    quiz_writing.move_question(quiz, first, "down")
    assert [each.id for each in quiz.questions.questions][:2] == [second, first]
    quiz_writing.move_question(quiz, second, "up")
    assert quiz.questions.questions[0].id == second
    quiz_writing.remove_question(quiz, second)
    assert quiz.questions.question(second) is None
    with pytest.raises(Http404):
        quiz_writing.remove_question(quiz, second)


def test_a_draw_asks_of_pools_that_are_there_and_not_more_than_they_have(quiz: Lesson) -> None:
    for each in quiz.questions.questions[:2]:
        quiz_writing.change_question(quiz, each.id, {"pool": "tools"})
    quiz_writing.change_rules(quiz, {"draws": {"tools": 9, "gone": 1}})
    assert quiz.questions.draws == {"tools": 2}
    quiz_writing.change_rules(quiz, {"draws": {"tools": 1}})
    assert quiz.questions.asked == 4


def test_a_quiz_that_lacks_something_keeps_its_course_from_being_submitted(draft: Course, quiz: Lesson) -> None:
    quiz_writing.add_question(quiz, "single", {"text": "Which?", "options": options("A", "B")})
    with pytest.raises(NotReady) as refused:
        draft.draft.submit(by=draft.creator.user)
    assert [item["code"] for item in refused.value.facts["missing"]] == ["quizzes"]


def test_a_lesson_of_files_without_a_file_does_as_well(draft: Course, files: Lesson) -> None:
    with pytest.raises(NotReady) as refused:
        draft.draft.submit(by=draft.creator.user)
    assert [item["code"] for item in refused.value.facts["missing"]] == ["files"]


def test_a_quiz_is_no_preview_whoever_says_so(quiz: Lesson) -> None:
    with pytest.raises(ValidationError):
        quiz.mark_preview(True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Lesson.objects.filter(pk=quiz.pk).update(is_preview=True)


def test_only_a_quiz_has_questions(draft: Course, files: Lesson) -> None:
    with pytest.raises(Http404):
        quiz_writing.add_question(files, "single")
    with pytest.raises(IntegrityError), transaction.atomic():
        Lesson.objects.filter(pk=files.pk).update(quiz={"questions": []})


def test_what_is_live_cannot_be_written(ada: User) -> None:
    lesson = quiz_of(make_quiz_course())
    with pytest.raises(VersionClosed):
        quiz_writing.change_rules(lesson, {"pass_percent": 10})
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        Lesson.objects.filter(pk=lesson.pk).update(quiz=None)


def test_a_new_version_has_the_same_quiz_and_the_same_files_under_the_same_keys(draft: Course, files: Lesson) -> None:
    add_quiz(draft.draft.sections.first())
    row = Attachment.add(files, pdf())
    publish(draft.draft)
    course = Course.objects.select_related("creator__user", "live_version").get(pk=draft.pk)
    version = course.open_draft(course.creator.user)
    copied = version.lessons.get(kind="file").files.get()
    assert (copied.key, copied.file.name, copied.version_id) == (row.key, row.file.name, version.pk)
    live, new = (each.lessons.get(kind="quiz") for each in (course.live_version, version))
    assert new.quiz == live.quiz
    assert new.key == live.key


def test_a_comparison_shows_a_changed_answer_and_another_file(draft: Course, files: Lesson) -> None:
    add_quiz(draft.draft.sections.first())
    Attachment.add(files, pdf())
    publish(draft.draft)
    course = Course.objects.select_related("creator__user", "live_version").get(pk=draft.pk)
    version = course.open_draft(course.creator.user)
    quiz, holder = version.lessons.get(kind="quiz"), version.lessons.get(kind="file")
    quiz_writing.change_question(quiz, quiz.questions.questions[2].id, {"tolerance": "0.5"})
    holder.files.get().remove()
    Attachment.add(holder, pdf("plan-2.pdf"))
    changes = comparing.with_live(version)
    assert changes is not None
    kinds = {change.lesson.title: change.kinds for change in changes.lessons}
    assert kinds == {"Check yourself": ("quiz",), "Take away": ("files",)}
    words = "".join(run.text for change in changes.lessons for run in change.runs if run.kind == "added")
    assert "0.5" in words
    assert "plan-2.pdf" in words


def test_a_file_is_kept_privately_under_a_name_of_ours(files: Lesson) -> None:
    row = Attachment.add(files, pdf("../../etc/Pläne für\u202efdp.pdf"))
    assert row.name == "Pläne fürfdp.pdf"
    assert "etc" not in row.file.name
    assert private_files().open(row.file.name).read().startswith(b"%PDF")
    files.refresh_from_db()
    assert files.duration_s == 120


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("run.exe", b"MZ"), ("page.html", b"<script>"), ("drawing.svg", b"<svg>"), ("macro.docm", b"PK\x03\x04"),
        ("no-ending", b"x"), ("plan.pdf", b"MZ\x90"), ("plan.pdf", b"<html>"), ("notes.txt", b"\x7fELF"),
        ("notes.txt", b"a\x00b"), ("empty.pdf", b""), ("old.txt", b"\xd0\xcf\x11\xe0"), ("plan.pdf.exe", b"%PDF-"),
    ],
)  # fmt: skip
def test_what_could_run_or_is_not_what_it_says_is_refused(files: Lesson, name: str, body: bytes) -> None:
    with pytest.raises(ValidationError):
        Attachment.add(files, SimpleUploadedFile(name, body))
    assert not Attachment.objects.exists()


def test_files_belong_to_lessons_of_files(quiz: Lesson) -> None:
    with pytest.raises(ValidationError):
        Attachment.add(quiz, pdf())


@pytest.mark.django_db(transaction=True)
def test_a_removed_file_leaves_the_disk_unless_a_version_still_has_it() -> None:
    course = make_course(live=False, lessons=1)
    holder = course.draft.sections.first().add_lesson("Take away", "file")
    kept, gone = Attachment.add(holder, pdf()), Attachment.add(holder, pdf("b.pdf"))
    gone.remove()
    assert not private_files().exists(gone.file.name)
    publish(course.draft)
    course = Course.objects.select_related("creator__user", "live_version").get(pk=course.pk)
    version = course.open_draft(course.creator.user)
    version.lessons.get(kind="file").remove()
    assert private_files().exists(kept.file.name)
    assert course.live_version.lessons.get(kind="file").files.count() == 1


def test_a_picture_is_written_anew_and_known_by_its_line(draft: Course) -> None:
    lesson = draft.draft.sections.first().add_lesson("Read", "article")
    picture = Picture.add(lesson, make_picture(3000, 1000), by=draft.creator.user)
    assert (picture.width, picture.height) == (1600, 533)
    assert private_files().open(picture.file.name).read(4) == b"RIFF"
    assert picture.markdown == f"![cover](picture:{picture.pk})"
    with pytest.raises(ValidationError):
        Picture.add(lesson, io.BytesIO(b"<svg onload=alert(1)>"), by=draft.creator.user)


def test_a_picture_is_added_by_the_lesson_s_own_creator_only(draft: Course, lin: User) -> None:
    lesson = draft.draft.sections.first().add_lesson("Read", "article")
    with pytest.raises(NotAllowed):
        Picture.add(lesson, make_picture(), by=lin)
