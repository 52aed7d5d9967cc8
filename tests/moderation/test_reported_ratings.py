"""A rating is reported and decided on: hidden it is read by nobody and counts for nothing; overturned, it is back."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from community import hiding, reckoning
from community.models import Rating, RatingHiding
from courses.models import Course
from courses.models.restriction import AlreadyFreed, AlreadyRestricted
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from moderation import appeals, measures, targets
from moderation.measures import wish
from moderation.models import Case, Measure
from tests import cast
from tests.community.factories import crowd, rate
from tests.courses.factories import make_course
from tests.moderation.decisions import answer_appeal, decide_case, report
from tests.moderation.factories import kim

pytestmark = pytest.mark.django_db
WORDS = {"rule_code": "respect", "rule_version": 1, "reason": "It insults the creator."}


@pytest.fixture
def course(ada: User) -> Course:
    course = make_course()
    crowd(course, 5, 4, 4)
    return course


@pytest.fixture
def insult(lin: User, course: Course) -> Rating:
    return rate(lin, course, 1, text="The creator is a fool.")


def number(course: Course) -> tuple[int, int, list[int]]:
    course.refresh_from_db()
    return course.rating_score, course.rating_count, course.rating_spread


def seen(course: Course) -> str:
    return Client().get(reverse("community:ratings", args=[course.slug])).content.decode()


class TestReport:
    def test_is_made_by_anybody_from_the_page_and_keeps_what_it_said(
        self, insult: Rating, course: Course, cole: User, client: Client
    ) -> None:
        client.force_login(cole)
        address = reverse("reports:make", args=["rating", insult.pk])
        assert address in client.get(reverse("community:ratings", args=[course.slug])).content.decode()
        told = {"rule_code": "respect", "text": "It insults her."}
        assert client.post(address, told).status_code == 302
        case = Case.objects.get(kind="rating", key=str(insult.pk))
        assert case.owner == insult.learner
        rate(cast.lin(), course, 1, text="Something else")
        assert case.evidence.get().shown["text"] == "The creator is a fool."

    @pytest.mark.parametrize("key", ["0", "x", "9" * 30, "٣"])
    def test_of_what_is_none_is_404(self, key: str, lin: User, client: Client) -> None:
        client.force_login(lin)
        assert client.get(reverse("reports:make", args=["rating", key])).status_code == 404

    def test_nothing_follows_for_its_course(self, insult: Rating) -> None:
        found: Any = targets.find("rating", str(insult.pk))
        actions = {action for action, _label in wish.possible(found, in_case=True)}
        assert actions == {"dismiss", "warn", "hide_rating", "mute", "bar"}


class TestHidden:
    def test_it_is_read_by_nobody_and_does_not_count(self, insult: Rating, course: Course, sam: User) -> None:
        case = report("rating", str(insult.pk), cast.cole(), rule="respect")
        measure = decide_case(case, "hide_rating", sam, rule="respect")
        assert "The creator is a fool." not in seen(course)
        assert "The creator is a fool." not in Client().get(course.get_absolute_url()).content.decode()
        assert number(course)[1:] == (3, [0, 0, 0, 2, 1])
        assert measure.rating_hiding.rating == insult
        assert Mail.objects.filter(to=insult.learner.email).exists()
        assert "A moderator has hidden your rating" in page_of(insult)

    def test_overturned_on_appeal_all_is_as_before(self, insult: Rating, course: Course, sam: User) -> None:
        before = number(course)
        measure = decide_case(report("rating", str(insult.pk), cast.cole(), rule="respect"), "hide_rating", sam,
                              rule="respect")  # fmt: skip
        appeal = appeals.make(measure, insult.learner, "It was a joke between us")
        answer_appeal(appeal, by=kim(), verdict="overturned", reason="So it was")
        assert number(course) == before
        assert "The creator is a fool." in seen(course)

    def test_said_anew_it_stays_hidden_and_the_night_leaves_it_out(self, insult: Rating, course, sam) -> None:
        hiding.hide(insult, by=sam, **WORDS)
        rate(cast.lin(), course, 1, text="Still a fool.")
        reckoning.reckon_all(timezone.now())
        assert "Still a fool." not in seen(course)
        assert number(course)[1] == 3

    def test_its_time_over_it_comes_back_by_itself(self, insult: Rating, course: Course, sam: User) -> None:
        case = report("rating", str(insult.pk), cast.cole(), rule="respect")
        measure = decide_case(case, "hide_rating", sam, rule="respect", days=3)
        measures.reverse(measure, None, reason="The time is over.", cause=Measure.Cause.EXPIRED)
        assert number(course)[1] == 4

    def test_not_by_who_made_the_course_wrote_it_or_is_no_moderator(self, insult: Rating, ada, cole, sam) -> None:
        cast.give_role(ada, "moderator")
        for person in (ada, cole, insult.learner):
            with pytest.raises(NotAllowed):
                hiding.hide(insult, by=User.objects.get(pk=person.pk), **WORDS)
        row = hiding.hide(insult, by=sam, **WORDS)
        with pytest.raises(NotAllowed):
            hiding.lift(row, by=cole, reason="x")

    def test_once_and_lifted_once(self, insult: Rating, sam: User) -> None:
        row = hiding.hide(insult, by=sam, **WORDS)
        with pytest.raises(AlreadyRestricted):
            hiding.hide(insult, by=sam, **WORDS)
        with pytest.raises(IntegrityError), transaction.atomic():
            RatingHiding.objects.create(rating=insult, hidden_by=sam, **WORDS)
        hiding.lift(row, by=sam, reason="Fine")
        with pytest.raises(AlreadyFreed):
            hiding.lift(RatingHiding.objects.get(), by=sam, reason="Fine")


def page_of(row: Rating) -> str:
    client = Client()
    client.force_login(row.learner)
    return client.get(reverse("community:rate", args=[row.course.slug])).content.decode()
