"""Mails about changed courses: only what is worth telling, once, at most one a week, and none with one click."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import unsubscribing
from accounts.models import User
from courses.models import Course
from learners import change_mails, changed
from learners.models import ChangeMail, ChangeMailStop, Enrollment
from marketplace.lib.emails import Mail
from marketplace.lib.sweeps import SweepFailed
from tests.courses.factories import RUBRIC, make_course
from tests.faults.taken_away import meeting, taken_away
from tests.learners.factories import enroll
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
SLOW = meeting("learners_changemail")  # so that the two meet


@pytest.fixture
def course(ada: User, sam: User, lin: User) -> Course:
    course = make_course()
    enroll(lin, course)
    return course


def renew(course: Course, sam: User, *, tells: bool = True, note: str = "A new kiln") -> None:
    course = Course.objects.select_related("creator__user", "live_version").get(pk=course.pk)
    draft = course.open_draft(by=course.creator.user)
    draft.lessons.in_order()[1].edit(title=f"Version {draft.number}")
    submission = draft.submit(by=course.creator.user, change_note=note, tells_learners=tells)
    submission.approve(by=sam, reason="Fine.", rubric_version=RUBRIC)


def news() -> list[Mail]:
    return list(Mail.objects.filter(key__startswith="course-news:").order_by("pk"))


def later(**passed: float) -> datetime:
    return timezone.now() + timedelta(**passed)


class TestAMail:
    def test_tells_a_version_that_is_worth_it_once(self, lin: User, sam: User, course: Course) -> None:
        renew(course, sam)
        assert [change_mails.send_due(later(hours=hours)) for hours in (0, 1, 24 * 8)] == [1, 0, 0]
        (mail,) = news()
        assert mail.to == lin.email
        assert mail.subject == f"“{course.title}” has changed"
        assert "A new kiln" in mail.text
        assert reverse("learners:course_changes", args=[course.slug]) in mail.text

    def test_is_not_written_for_what_its_creator_keeps_quiet_about(self, sam: User, course: Course) -> None:
        renew(course, sam, tells=False)
        assert change_mails.send_due(later()) == 0

    def test_comes_at_most_once_a_week_for_all_courses(self, lin: User, sam: User, course: Course) -> None:
        other = make_course(title="Weaving")
        enroll(lin, other)
        renew(course, sam)
        assert change_mails.send_due(later()) == 1
        renew(course, sam, note="A newer kiln")
        renew(other, sam, note="A new loom")
        assert [change_mails.send_due(later(days=days)) for days in (0, 6, 7.1)] == [0, 0, 1]
        mail = news()[-1]
        assert mail.subject == "2 of your courses have changed"
        assert "A newer kiln" in mail.text
        assert "A new loom" in mail.text

    def test_counts_the_lessons_that_changed_for_her(self, lin: User, ada: User, sam: User, course: Course) -> None:
        draft = course.open_draft(by=ada)
        draft.sections.get().add_lesson("Notes", "article").edit(article="Clay.")
        draft.submit(by=ada, tells_learners=True).approve(by=sam, reason="Fine.", rubric_version=RUBRIC)
        change_mails.send_due(later())
        assert "1 lesson changed for you:" in news()[0].text

    def test_tells_nothing_to_who_came_after_the_version(self, cole: User, sam: User, course: Course) -> None:
        renew(course, sam)
        enroll(cole, course)
        change_mails.send_due(later())
        assert cole.email not in {mail.to for mail in news()}

    def test_tells_nothing_to_who_has_seen_it_or_has_left(self, lin: User, sam: User, course: Course) -> None:
        renew(course, sam)
        enrollment = Enrollment.objects.active().of(lin).get(course=course)
        changed.see(lin, enrollment, number=2)
        assert change_mails.send_due(later()) == 0
        renew(course, sam)
        enrollment.end(Enrollment.EndReason.REFUNDED)
        assert change_mails.send_due(later()) == 0

    def test_tells_nothing_that_is_a_month_old_or_off_the_sale(self, sam: User, course: Course) -> None:
        renew(course, sam)
        assert change_mails.send_due(later(days=31)) == 0
        course.take_down(by=sam, rule_code="copyright", reason="a claim")
        assert change_mails.send_due(later()) == 0

    def test_speaks_the_learner_s_language(self, lin: User, sam: User, course: Course) -> None:
        User.objects.filter(pk=lin.pk).update(language="zh-hans")
        renew(course, sam)
        change_mails.send_due(later())
        assert "有更新" in news()[0].subject

    def test_carries_the_headers_of_one_click(self, lin: User, sam: User, course: Course) -> None:
        renew(course, sam)
        change_mails.send_due(later())
        (mail,) = news()
        mail.send()
        message: EmailMessage = outbox.outbox[-1].message()  # type: ignore[assignment]
        assert message["List-Unsubscribe"] == f"<{mail.unsubscribe_url}>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mail.unsubscribe_url in mail.text

    @pytest.mark.django_db(transaction=True)
    def test_is_written_once_by_two_workers_at_once(self, lin: User, sam: User, course: Course) -> None:
        renew(course, sam)
        now = later()
        with taken_away(SLOW):
            assert sum(at_once(lambda _n: change_mails.send_due(now), 2)) == 1
            assert len(news()) == 1
            assert ChangeMail.objects.filter(learner=lin).count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_without_the_lock_two_workers_both_write_it(self, sam: User, course: Course) -> None:
        """The control: only the database's constraint keeps the second one from it then, and that breaks the worker."""
        renew(course, sam)
        now = later()
        with taken_away(SLOW), pytest.raises(SweepFailed) as failed:
            at_once(lambda _n: change_mails.send_due(now), 2, without_locks=True)
        assert "one_change_mail_a_version" in str(failed.value.__cause__)


class TestOneClick:
    def address(self, lin: User) -> str:
        return unsubscribing.page(lin, change_mails.KIND)

    def test_ends_them_without_logging_in(self, lin: User, sam: User, course: Course) -> None:
        stranger = Client(enforce_csrf_checks=True)
        assert "No more of these mails" in stranger.get(self.address(lin)).content.decode()
        assert ChangeMailStop.objects.wants(lin)  # looking ends nothing: mail scanners open every address
        for _click in range(2):
            answer = stranger.post(self.address(lin), {"List-Unsubscribe": "One-Click"})
            assert answer.status_code == 200
        assert ChangeMailStop.objects.open().count() == 1
        renew(course, sam)
        assert change_mails.send_due(later()) == 0

    def test_can_be_taken_back(self, lin: User, sam: User, course: Course) -> None:
        client = Client()
        client.post(self.address(lin))
        assert "Send them again" in client.get(self.address(lin)).content.decode()
        client.post(self.address(lin), {"again": "1"})
        renew(course, sam)
        assert change_mails.send_due(later()) == 1

    @pytest.mark.parametrize("token", ["x", "1:abc", "Mg:1abc:xyz"])
    def test_knows_no_made_up_address(self, lin: User, token: str) -> None:
        assert Client().post(reverse("learners:change_mails", args=[token])).status_code == 404

    def test_does_the_same_over_the_api(self, lin: User) -> None:
        client = Client()
        client.force_login(lin)
        address = reverse("api-change-mails")
        assert client.get(address).json() == {"wants": True}
        told: Any = client.put(address, {"wants": False}, "application/json")
        assert told.json() == {"wants": False}
        assert client.put(address, {"wants": "maybe"}, "application/json").status_code == 400
        assert not ChangeMailStop.objects.wants(lin)
