"""Taking a submission back, and edits of one lesson in two windows."""

import pytest

from accounts.models import User
from courses.models import Submission
from courses.models.review import AlreadyDecided, AlreadyWithdrawn
from courses.models.version import EditedElsewhere
from marketplace.lib.errors import NotAllowed
from tests.courses.factories import RUBRIC, make_course

pytestmark = pytest.mark.django_db


class TestWithdrawal:
    def test_opens_the_draft_again_and_leaves_the_queue(self, ada: User) -> None:
        course = make_course(live=False)
        submission = course.draft.submit(by=ada)
        submission.withdraw(by=ada)
        assert course.draft.state == "draft"
        assert not Submission.objects.waiting().exists()
        submission.refresh_from_db()
        assert submission.withdrawn_by == ada

    def test_is_followed_by_a_new_submission_that_can_be_approved(self, ada: User, sam: User) -> None:
        course = make_course(live=False)
        course.draft.submit(by=ada).withdraw(by=ada)
        course.draft.submit(by=ada).approve(by=sam, rubric_version=RUBRIC)
        course.refresh_from_db()
        assert course.is_on_sale

    def test_cannot_be_decided_on(self, ada: User, sam: User) -> None:
        submission = make_course(live=False).draft.submit(by=ada)
        submission.withdraw(by=ada)
        with pytest.raises(AlreadyWithdrawn):
            submission.approve(by=sam, rubric_version=RUBRIC)

    def test_is_refused_after_the_decision_and_twice(self, ada: User, sam: User) -> None:
        decided = make_course(live=False).draft.submit(by=ada)
        decided.approve(by=sam, rubric_version=RUBRIC)
        with pytest.raises(AlreadyDecided):
            decided.withdraw(by=ada)
        withdrawn = make_course(live=False, title="Second").draft.submit(by=ada)
        withdrawn.withdraw(by=ada)
        with pytest.raises(AlreadyWithdrawn):
            withdrawn.withdraw(by=ada)

    def test_is_the_creators_alone(self, ada: User, cole: User) -> None:
        submission = make_course(live=False).draft.submit(by=ada)
        with pytest.raises(NotAllowed):
            submission.withdraw(by=cole)


class TestALessonInTwoWindows:
    def test_keeps_the_first_edit_and_refuses_the_second(self, ada: User) -> None:
        lesson = make_course(live=False).draft.lessons.first()
        lesson.edit(title="First window", revision=0)
        with pytest.raises(EditedElsewhere) as refusal:
            lesson.edit(title="Second window", revision=0)
        assert refusal.value.facts == {"revision": 1}
        lesson.refresh_from_db()
        assert lesson.title == "First window"

    def test_is_edited_without_a_revision_by_those_who_do_not_care(self, ada: User) -> None:
        lesson = make_course(live=False).draft.lessons.first()
        lesson.edit(title="One")
        lesson.edit(is_preview=True)
        lesson.refresh_from_db()
        assert (lesson.title, lesson.is_preview, lesson.revision) == ("One", True, 2)
