"""Version: drafts, review and what becomes live."""

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from courses.models import Course, Decision, Version
from courses.models.course import UnderReview
from courses.models.review import AlreadyDecided
from courses.models.version import EditedElsewhere, NotReady, VersionClosed
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from tests import cast
from tests.courses.factories import RUBRIC, add_lessons, make_course, make_video, publish

pytestmark = pytest.mark.django_db


def test_an_approved_version_is_live_and_its_course_on_sale(ada: User) -> None:
    course = make_course(title="Glazes")
    assert course.is_on_sale
    assert Course.objects.on_sale().get() == course
    assert (course.title, course.lessons_count, course.duration_s) == ("Glazes", 3, 90)
    assert course.live_version.state == "live"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE courses_version SET state = 'live', live_at = now() WHERE course_id = %s",
        "UPDATE courses_course c SET published_at = now(), live_version_id = v.id FROM courses_version v"
        " WHERE v.course_id = c.id AND c.id = %s",
    ],
)
def test_nothing_is_published_without_a_decision_even_by_hand(ada: User, sql: str) -> None:
    course = make_course(live=False)
    with pytest.raises(DatabaseError, match="live"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [course.pk])


def test_a_returned_submission_publishes_nothing_even_by_hand(ada: User, sam: User) -> None:
    course = make_course(live=False)
    submission = course.draft.submit(by=ada)
    submission.send_back(by=sam, reason="Too quiet", rubric_version=RUBRIC)
    with pytest.raises(DatabaseError, match="approving"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE courses_version SET state = 'live' WHERE course_id = %s", [course.pk])


def test_an_approval_of_an_older_submission_does_not_publish_a_newer_one_by_hand(ada: User, sam: User) -> None:
    course = make_course()
    draft = course.open_draft(ada)
    draft.submit(by=ada)
    Version.objects.filter(pk=course.live_version_id).update(state="superseded")
    with pytest.raises(DatabaseError, match="approving"), transaction.atomic():
        Version.objects.filter(pk=draft.pk).update(state="live")


def test_decisions_cannot_be_changed(ada: User) -> None:
    make_course()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Decision.objects.update(verdict="return")


def test_a_creator_cannot_decide_on_her_own_course(ada: User) -> None:
    cast.give_role(ada, "moderator")
    submission = make_course(live=False).draft.submit(by=ada)
    with pytest.raises(NotAllowed):
        submission.approve(by=ada, rubric_version=RUBRIC)
    with pytest.raises(DatabaseError, match="her own"), transaction.atomic():
        Decision.objects.create(submission=submission, verdict="approve", decided_by=ada, rubric_version=RUBRIC)


def test_a_stranger_cannot_decide(ada: User, cole: User) -> None:
    submission = make_course(live=False).draft.submit(by=ada)
    with pytest.raises(NotAllowed):
        submission.approve(by=cole, rubric_version=RUBRIC)


def test_a_submission_is_decided_once(ada: User, sam: User) -> None:
    submission = make_course(live=False).draft.submit(by=ada)
    submission.approve(by=sam, rubric_version=RUBRIC)
    with pytest.raises(AlreadyDecided):
        submission.send_back(by=sam, reason="No", rubric_version=RUBRIC)


def test_an_unready_draft_is_not_submitted_and_says_what_is_missing(ada: User) -> None:
    course = make_course(live=False, price=None, cover=False, lessons=0)
    with pytest.raises(NotReady) as refusal:
        course.draft.submit(by=ada)
    assert {item["code"] for item in refusal.value.facts["missing"]} == {"cover", "lessons", "preview", "price"}


def test_a_film_on_its_way_keeps_the_draft_from_review(ada: User) -> None:
    course = make_course(live=False)
    lesson = course.draft.lessons.first()
    lesson.attach_video(make_video(ada, ready=False))
    with pytest.raises(NotReady):
        course.draft.submit(by=ada)


def test_the_live_version_stays_until_the_new_one_passes(ada: User, sam: User) -> None:
    course = make_course(title="First title")
    old = course.live_version
    draft = course.open_draft(ada)
    draft.edit({"title": "Second title"}, by=ada, revision=draft.revision)
    add_lessons(draft, 1)
    submission = draft.submit(by=ada)
    course.refresh_from_db()
    assert (course.live_version, course.title, course.lessons_count) == (old, "First title", 3)

    submission.approve(by=sam, rubric_version=RUBRIC)
    course = Course.objects.get(pk=course.pk)
    old.refresh_from_db()
    assert (course.live_version_id, course.title, course.lessons_count) == (draft.pk, "Second title", 4)
    assert old.state == Version.State.SUPERSEDED


def test_a_draft_of_a_live_course_keeps_the_keys_of_its_lessons(ada: User) -> None:
    course = make_course()
    draft = course.open_draft(ada)
    assert [x.key for x in draft.lessons.in_order()] == [x.key for x in course.live_lessons()]
    assert draft.number == 2
    assert course.open_draft(ada) == draft


def test_no_draft_is_opened_while_one_is_under_review(ada: User) -> None:
    course = make_course()
    course.open_draft(ada).submit(by=ada)
    with pytest.raises(UnderReview):
        course.open_draft(ada)


def test_a_returned_version_is_mended_and_submitted_again(ada: User, sam: User) -> None:
    course = make_course(live=False)
    draft = course.draft
    lesson = draft.lessons.first()
    finding = {"rule_code": "sound", "lesson_key": lesson.key, "at_second": 12, "text": "Silence"}
    draft.submit(by=ada).send_back(by=sam, reason="", findings=[finding], rubric_version=RUBRIC)
    returned = course.draft
    assert returned.state == "returned"
    assert returned.submissions.get().decision.findings.get().at_second == 12
    publish(returned)
    assert Course.objects.on_sale().filter(pk=course.pk).exists()


def test_an_edit_from_an_old_window_is_refused(ada: User) -> None:
    draft = make_course(live=False).draft
    seen = draft.revision
    draft.edit({"subtitle": "One"}, by=ada, revision=seen)
    with pytest.raises(EditedElsewhere) as refusal:
        draft.edit({"subtitle": "Two"}, by=ada, revision=seen)
    assert refusal.value.facts["revision"] == draft.revision


def test_a_submitted_version_cannot_be_edited(ada: User) -> None:
    draft = make_course(live=False).draft
    lesson = draft.lessons.first()
    draft.submit(by=ada)
    with pytest.raises(VersionClosed):
        draft.edit({"title": "New"}, by=ada, revision=draft.revision)
    with pytest.raises(VersionClosed):
        lesson.edit(title="New")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE courses_version SET title = 'x' WHERE id = %s",
        "UPDATE courses_lesson SET is_preview = true WHERE version_id = %s",
        "UPDATE courses_section SET title = 'x' WHERE version_id = %s",
        "DELETE FROM courses_lesson WHERE version_id = %s",
    ],
)
def test_what_is_live_cannot_change_even_by_hand(ada: User, sql: str) -> None:
    course = make_course()
    with pytest.raises(DatabaseError, match="closed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [course.live_version_id])


def test_only_its_creator_edits(ada: User, cole: User) -> None:
    course = make_course()
    with pytest.raises(NotAllowed):
        course.open_draft(cole)
    with pytest.raises(NotAllowed):
        course.set_price(Money(0, "USD"), by=cole)
    assert not Course.objects.editable_by(cole).exists()
