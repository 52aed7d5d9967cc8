"""Taking down and lifting: history, mail, and who may."""

import pytest

from accounts.models import AuditEvent, User
from courses.models import Takedown
from courses.models.takedown import AlreadyLifted, AlreadyTakenDown
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from moderation import takedowns
from moderation.rubric import UnknownRule
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db


class TestATakedown:
    def test_stops_the_sale_and_tells_the_creator_the_rule_and_the_reason(self, ada: User, sam: User) -> None:
        course = make_course(title="Glazes")
        takedowns.take_down(course, sam, "rights", "The music in lesson 2 belongs to a label.")
        course.refresh_from_db()
        assert not course.is_on_sale
        mail = Mail.objects.get()
        assert (mail.to, mail.subject) == (ada.email, "“Glazes” is taken off the sale")
        assert "The creator may use what is shown" in mail.text
        assert "The music in lesson 2" in mail.text

    def test_is_history_after_it_is_lifted(self, sam: User) -> None:
        course = make_course()
        takedown = takedowns.take_down(course, sam, "rights", "Copied")
        takedowns.lift(takedown, sam, "A license was shown.")
        course.refresh_from_db()
        assert course.is_on_sale
        kept = Takedown.objects.get()
        assert (kept.reason, kept.lift_reason, kept.lifted_by) == ("Copied", "A license was shown.", sam)
        assert Mail.objects.filter(key=f"takedown-lifted:{kept.pk}").exists()
        assert AuditEvent.objects.filter(verb__in=["course.take_down", "course.lift_takedown"]).count() == 2

    def test_is_not_repeated_and_not_lifted_twice(self, sam: User) -> None:
        course = make_course()
        takedown = takedowns.take_down(course, sam, "rights", "Copied")
        with pytest.raises(AlreadyTakenDown):
            takedowns.take_down(course, sam, "rights", "Copied")
        takedowns.lift(takedown, sam, "")
        with pytest.raises(AlreadyLifted):
            takedowns.lift(takedown, sam, "")

    def test_needs_a_rule_of_the_rubric(self, sam: User) -> None:
        with pytest.raises(UnknownRule):
            takedowns.take_down(make_course(), sam, "taste", "I do not like it")

    def test_is_not_for_strangers(self, cole: User) -> None:
        with pytest.raises(NotAllowed):
            takedowns.take_down(make_course(), cole, "rights", "Copied")
