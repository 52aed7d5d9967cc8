"""Deciding: the claim, the courses' verb, the creator's mail."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from courses.models import Decision
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from moderation import messages, reviews, rubric
from moderation.models import Claim, ClaimedByAnother, NotWaiting
from moderation.rubric import UnknownRule
from tests import cast
from tests.moderation.factories import kim, make_submission
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db


def finding(**facts: object) -> dict[str, object]:
    return {"rule_code": "sound_quality", "text": "It hums.", "lesson_key": None, "at_second": None, **facts}


class TestApproving:
    def test_publishes_and_mails_the_creator_once(self, ada: User, sam: User) -> None:
        submission = make_submission("Glazes")
        decision = reviews.approve(submission, sam, "Clear and complete.")
        submission.version.course.refresh_from_db()
        assert submission.version.course.is_on_sale
        mail = Mail.objects.get(key=f"decision:{decision.pk}")
        assert (mail.to, mail.subject) == (ada.email, "“Glazes” is approved and on sale")
        assert "Clear and complete." in mail.text
        assert "http://testserver/courses/glazes/" in mail.text

    def test_names_the_rubric_that_was_applied(self, sam: User) -> None:
        assert reviews.approve(make_submission(), sam).rubric_version == rubric.current().version

    def test_releases_the_claim(self, sam: User) -> None:
        submission = make_submission()
        Claim.objects.take(submission, sam)
        reviews.approve(submission, sam)
        assert not Claim.objects.open().exists()

    def test_is_refused_while_another_moderator_holds_the_claim(self, sam: User) -> None:
        submission = make_submission()
        Claim.objects.take(submission, kim())
        with pytest.raises(ClaimedByAnother):
            reviews.approve(submission, sam)
        assert not Decision.objects.exists()

    def test_is_refused_for_ones_own_course(self, ada: User) -> None:
        cast.give_role(ada, "moderator")
        with pytest.raises(NotAllowed):
            reviews.approve(make_submission(), ada)


class TestSendingBack:
    def test_tells_rule_lesson_second_and_where_to_mend(self, sam: User) -> None:
        submission = make_submission("Glazes")
        lesson = submission.version.lessons.first()
        reviews.send_back(submission, sam, "Nearly there.", [finding(lesson_key=lesson.key, at_second=75)])
        mail = Mail.objects.get()
        assert mail.subject == "“Glazes” needs a few changes"
        for part in ("Nearly there.", "The sound can be followed", "Lesson “Lesson 1” at 1:15", "It hums."):
            assert part in mail.text
        assert f"http://testserver/studio/courses/glazes/lessons/{lesson.pk}/" in mail.text

    def test_writes_in_the_creators_language_with_the_words_as_they_were_typed(self, ada: User, sam: User) -> None:
        ada.change_language("zh-hans")
        reviews.send_back(make_submission("A & B"), sam, "Title < promise", [])
        mail = Mail.objects.get()
        assert mail.language == "zh-hans"
        assert "A & B" in mail.subject
        assert "Title < promise" in mail.text

    def test_is_mailed_as_it_was_previewed(self, sam: User) -> None:
        submission = make_submission("Glazes")
        shown = messages.preview(submission.version, "return", "Nearly there.", [finding()])
        reviews.send_back(submission, sam, "Nearly there.", [finding()])
        mail = Mail.objects.get()
        assert (mail.subject, mail.text.strip()) == (shown.subject, shown.text)

    def test_refuses_a_rule_that_the_rubric_does_not_have(self, sam: User) -> None:
        with pytest.raises(UnknownRule):
            reviews.send_back(make_submission(), sam, "No.", [finding(rule_code="taste")])

    def test_refuses_to_say_nothing_and_sends_nothing(self, sam: User) -> None:
        with pytest.raises(ValidationError):
            reviews.send_back(make_submission(), sam, " ", [])
        assert not Mail.objects.exists()

    def test_cannot_follow_a_decision(self, sam: User) -> None:
        submission = make_submission()
        reviews.approve(submission, sam)
        with pytest.raises(NotWaiting):
            reviews.send_back(submission, sam, "No.", [])


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_are_one_decision_and_one_mail() -> None:
    submission, moderators = make_submission(), [kim(), kim()]
    answers = at_once(lambda n: reviews.approve(submission, moderators[n]), 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["Decision", "NotWaiting"]
    assert Mail.objects.count() == 1
