"""What takes money, or all that a creator sells, is a senior moderator's: to decide, to end, to agree to."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.models import Course
from marketplace.lib.errors import NotAllowed
from moderation import appeals, measures
from moderation.measures import SeniorNeeded, agreeing
from moderation.models import Measure, RefundWave
from tests import cast
from tests.courses.factories import make_course
from tests.moderation.decisions import answer_appeal, decide, decide_case, report
from tests.moderation.factories import kim
from tests.payments import shop

pytestmark = pytest.mark.django_db
GRAVE = ("suspend", "refund", "hold")


@pytest.fixture
def mia() -> User:
    """A moderator who is no senior."""
    return cast.person("Mia", role="moderator")


@pytest.fixture
def course() -> Course:
    return make_course(title="Clay")


@pytest.mark.parametrize("action", GRAVE)
def test_a_moderator_does_not_decide_it(course: Course, mia: User, sam: User, action: str) -> None:
    with pytest.raises(SeniorNeeded):
        decide(action, "course", "clay", mia)
    assert not Measure.objects.exists()
    decide(action, "course", "clay", sam)


def test_nor_a_takedown_that_gives_everybody_the_money_back(course: Course, mia: User) -> None:
    with pytest.raises(SeniorNeeded):
        decide("unpublish", "course", "clay", mia, rule="fake_learning")
    decide("unpublish", "course", "clay", mia)


def test_is_not_offered_to_her_on_the_page(course: Course, lin: User, mia: User, sam: User) -> None:
    case = report("course", "clay", lin)
    for person, shown in ((mia, False), (sam, True)):
        client = Client()
        client.force_login(person)
        page = client.get(reverse("moderation:reported_case", args=[case.pk])).content.decode()
        assert ("Creator suspended" in page) is shown
        assert "Taken off the sale" in page


def test_is_not_ended_by_her_nor_on_appeal(course: Course, ada: User, mia: User, sam: User) -> None:
    held = decide("hold", "creator", course.creator.slug, sam)
    with pytest.raises(SeniorNeeded):
        measures.reverse(held, mia, reason="Enough")
    appeal = appeals.make(held, ada, "Please")
    with pytest.raises(SeniorNeeded):
        answer_appeal(appeal, mia, verdict="overturned", reason="Enough")
    answer_appeal(appeal, kim(), verdict="overturned", reason="Enough")
    assert not Measure.objects.get(pk=held.pk).is_standing


def test_is_not_agreed_to_by_her(course: Course, mia: User, sam: User, lin: User, settings: Any) -> None:
    settings.KEZHAN_REFUND_ALL_APPROVAL_MINOR = 1
    shop.buy(lin, [course])
    decide("refund", "course", "clay", sam)
    with pytest.raises(NotAllowed):
        agreeing.approve(RefundWave.objects.get(), by=mia)


def test_the_rest_is_every_moderators(course: Course, lin: User, mia: User) -> None:
    decide_case(report("course", "clay", lin), "limit", mia)
    assert Measure.objects.get().decided_by == mia
