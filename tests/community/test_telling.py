"""Who hears what of questions: followers of answers, writers of comments, creators of new questions once a day."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import unsubscribing
from accounts.models import Notice, User
from community import asking, hiding, notices, telling
from community.models import Post, QuestionMailStop
from community.notices import QUESTION_MAILS
from courses.models import Course
from marketplace.lib.emails import Mail
from tests import cast
from tests.community.factories import answer, ask, comment, have
from tests.courses.factories import make_course
from tests.faults.taken_away import meeting, taken_away
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    return make_course()


def later() -> Any:
    return timezone.now() + timedelta(minutes=2)


def told(now: Any = None) -> list[tuple[str, str]]:
    """Whom the next round mails, and of what."""
    before = set(Mail.objects.values_list("pk", flat=True))
    telling.send_due(now or later())
    rows = Mail.objects.exclude(pk__in=before).order_by("to").values_list("to", "subject")
    return [(to.partition("@")[0], subject) for to, subject in rows]


class TestAnswers:
    def test_are_told_to_who_asked_and_who_follows_once(self, ada: User, lin: User, cole: User, course) -> None:
        asked = ask(lin, course)
        have(cole, course)
        asking.follow(asked, by=cole)
        answer(ada, asked, "It dried too fast.")
        assert telling.send_due(timezone.now()) == 0  # it may still be followed by one that was begun before it
        assert told() == [(name, "A new answer: Why does it crack?") for name in ("cole", "lin")]
        assert told() == []
        notice = Notice.objects.get(person=lin)
        assert "Ada Lin Studio answers:" in notice.words["en"]["text"]
        assert notice.link == asking.address(Post.objects.answers().get())

    def test_not_to_who_answered_nor_to_who_has_lost_the_course(self, lin: User, cole: User, course: Course) -> None:
        asked = ask(lin, course)
        have(cole, course)
        asking.follow(asked, by=cole)
        lin.enrollments.get().end("refunded")
        answer(cole, asked)
        assert told() == []

    def test_of_comments_hears_whose_words_they_are_about(self, ada: User, lin: User, cole: User, course) -> None:
        asked = ask(lin, course)
        said = answer(cole, asked)
        told()
        comment(ada, said)
        comment(lin, said)
        assert told() == [("cole", "A comment on what you wrote: Why does it crack?")] * 2

    def test_what_was_hidden_meanwhile_is_not_told(self, lin: User, cole: User, sam: User, course: Course) -> None:
        said = answer(cole, ask(lin, course))
        hiding.hide_post(said, by=sam, rule_code="respect", rule_version=1, reason="x")
        assert told() == []

    def test_a_comment_under_a_hidden_answer_is_told_once_it_is_back(self, lin: User, cole: User, sam: User, course):
        said = answer(cole, ask(lin, course))
        told()
        comment(lin, said)
        row = hiding.hide_post(said, by=sam, rule_code="respect", rule_version=1, reason="x")
        assert told() == []
        hiding.lift_post(row, by=sam, reason="Fine")
        assert [name for name, _subject in told()] == ["cole"]

    def test_cut_short_in_the_middle_nobody_gets_two(self, ada: User, lin: User, cole: User, course: Course) -> None:
        asked = ask(lin, course)
        have(cole, course)
        asking.follow(asked, by=cole)
        said = answer(ada, asked)
        assert len(told()) == 2
        Post.objects.filter(pk=said.pk).update(told_at=None)
        assert told() == []

    def test_over_a_week_old_it_is_no_news(self, ada: User, lin: User, course: Course) -> None:
        answer(ada, ask(lin, course))
        assert told(timezone.now() + timedelta(days=8)) == []


class TestCreatorsMail:
    def test_is_one_for_all_that_waits_and_one_a_day(self, lin: User, course: Course) -> None:
        for at in range(12):
            ask(lin, course, f"Question {at}")
        assert notices.send_due(later()) == 1
        mail = Mail.objects.get(key__startswith="questions:")
        assert mail.subject == "12 questions wait for you"
        assert "Question 11" in mail.text
        assert "And 2 more." in mail.text
        assert reverse("community:desk") in mail.text
        ask(cast.cole(), course, "One more of them")
        assert notices.send_due(later()) == 0
        assert notices.send_due(timezone.now() + timedelta(hours=25)) == 1
        assert notices.send_due(timezone.now() + timedelta(hours=50)) == 0

    def test_not_of_what_she_asked_herself_or_has_answered(self, ada: User, lin: User, course: Course) -> None:
        ask(ada, course, "What would you like?")
        answer(ada, ask(lin, course))
        assert notices.send_due(later()) == 0

    @pytest.mark.django_db(transaction=True)
    def test_of_two_workers_one_writes_it(self, lin: User, course: Course) -> None:
        ask(lin, course)
        now = later()
        with taken_away(meeting("community_questionnotice")):
            assert sorted(at_once(lambda _n: notices.send_due(now), 2)) == [0, 1]


class TestStopped:
    def test_with_one_click_without_logging_in_and_taken_back(self, ada: User, lin: User, course: Course) -> None:
        asked = ask(lin, course)
        stranger = Client(enforce_csrf_checks=True)
        for person in (ada, lin):
            page = unsubscribing.page(person, QUESTION_MAILS)
            assert "No more of these mails" in stranger.get(page).content.decode()
            assert QuestionMailStop.objects.wants(person)  # looking ends nothing: mail scanners open every address
            for _click in range(2):
                assert stranger.post(page, {"List-Unsubscribe": "One-Click"}).status_code == 200
        asking.accept(asked, answer(ada, asked), by=ada)
        ask(cast.cole(), course)
        assert told() == []
        assert notices.send_due(later()) == 0
        assert not Mail.objects.filter(key__startswith="accepted:").exists()
        stranger.post(unsubscribing.page(lin, QUESTION_MAILS), {"again": "1"})
        answer(ada, asked, "Once more")
        assert [name for name, _subject in told()] == ["lin"]

    def test_an_address_of_another_kind_says_nothing_here(self, lin: User) -> None:
        token = unsubscribing.page(lin, "learners:change_mails").split("/")[-2]
        assert Client().get(reverse(QUESTION_MAILS, args=[token])).status_code == 404

    def test_each_mail_has_the_address(self, ada: User, lin: User, course: Course) -> None:
        answer(ada, ask(lin, course))
        told()
        mail = Mail.objects.get(key__startswith="post:")
        assert mail.unsubscribe_url == unsubscribing.address(lin, QUESTION_MAILS)


class TestDesk:
    def test_has_what_waits_longest_first_and_how_fast_she_answers(self, ada: User, lin: User, course) -> None:
        first, second, third = (ask(lin, course, f"Question {at}") for at in range(3))
        ask(ada, course, "What would you like?")
        for asked, hours in ((first, 5), (second, 3), (third, 1)):
            Post.objects.filter(pk=asked.pk).update(written_at=timezone.now() - timedelta(hours=hours))
        client = Client()
        client.force_login(ada)
        page = client.get(reverse("community:desk"))
        assert [row.title for row in page.context["page"].rows] == ["Question 0", "Question 1", "Question 2"]
        answer(ada, second)
        page = client.get(reverse("community:desk"))
        assert [row.title for row in page.context["page"].rows] == ["Question 0", "Question 2"]
        speed = page.context["speed"]
        assert (speed.asked, speed.answered, round(speed.median.total_seconds() / 3600)) == (3, 1, 3)
        asking.accept(first, answer(cast.cole(), first), by=lin)
        every = client.get(reverse("community:desk"), {"show": "all", "course": course.slug})
        assert [row.title for row in every.context["page"].rows] == ["Question 2", "Question 1", "Question 0"]
        waiting = client.get(reverse("api-studio-questions-asked"), {"waiting": 1}).json()["results"]
        assert [row["title"] for row in waiting] == ["Question 2"]
        figures = client.get(reverse("api-studio-question-figures")).json()
        assert (figures["asked"], figures["answered"], figures["median_s"] // 3600) == (3, 1, 3)

    def test_of_nothing_says_so(self, ada: User) -> None:
        client = Client()
        client.force_login(ada)
        assert "No question waits for you" in client.get(reverse("community:desk")).content.decode()
        assert client.get(reverse("api-studio-question-figures")).json()["median_s"] is None
