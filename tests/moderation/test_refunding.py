"""A refund of everybody is finished when everybody's money was asked for: by its decision, and by nobody's role."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import roles
from accounts.models import AuditEvent, User
from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import work
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from moderation.measures import agreeing, waves
from moderation.measures.agreeing import RefundNotStuck
from moderation.models import RefundWave, RightsClaim
from moderation.rights import income
from payments.models import Order, Refund
from tests import cast
from tests.courses.factories import make_course
from tests.learners.factories import enroll
from tests.moderation import claims
from tests.moderation.decisions import decide
from tests.moderation.factories import kim
from tests.moderation.test_measures import refund_all
from tests.payments import shop
from tests.payments.test_disputes import decide as bank_decides
from tests.payments.test_disputes import open_dispute

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Glazes")


def two_sales(course: Course) -> tuple[Order, Order]:
    return shop.buy(cast.lin(), [course]), shop.buy(cast.person("Nell"), [course])


def look_again() -> RefundWave:
    """Its time has come once more."""
    RefundWave.objects.filter(finished_at=None).update(due_at=timezone.now())
    refund_all()
    return RefundWave.objects.get()


def stuck(course: Course, sam: User, monkeypatch: pytest.MonkeyPatch) -> RefundWave:
    """A worker meets a fault until no try is left."""
    shop.buy(cast.lin(), [course])
    decide("refund", "course", "glazes", sam)
    wave = RefundWave.objects.get()
    with monkeypatch.context() as broken:
        broken.setattr(RefundWave, "MAX_ATTEMPTS", 1)
        with pytest.raises(RuntimeError):
            work.run(RefundWave, wave.pk, _fail)
    wave.refresh_from_db()
    return wave


def _fail(_row: RefundWave) -> None:
    raise RuntimeError("the provider's library is broken")


class TestTheDecisionAllowsIt:
    @pytest.mark.parametrize("loses", ["role", "second factor"])
    def test_though_who_decided_moderates_no_more(self, course: Course, settings: Any, loses: str) -> None:
        """Days may pass until a second person agrees; by then the first may be gone."""
        settings.KEZHAN_REFUND_ALL_APPROVAL_MINOR = 1
        joe, other = cast.person("Joe", role="senior"), kim()
        two_sales(course)
        enroll(cast.person("Guest"), course, source="staff")
        decide("unpublish", "course", "glazes", joe, rule="fake_learning")
        if loses == "role":
            roles.withdraw(joe.role_grants.get(), by=cast.person("Max", role="admin"), reason="He has left us")
        else:
            joe.authenticator_set.all().delete()
        assert not User.objects.get(pk=joe.pk).has_role("moderator")
        agreeing.approve(RefundWave.objects.get(), by=other)
        refund_all()
        wave = RefundWave.objects.get()
        assert (wave.asked_count, wave.left_count) == (2, 0)
        assert wave.finished_at is not None
        assert [refund.state for refund in Refund.objects.all()] == [Refund.State.DONE] * 2
        assert not Enrollment.objects.active().exists()

    def test_a_fault_is_no_end(self, course: Course, sam: User, monkeypatch: pytest.MonkeyPatch) -> None:
        """What refuses for a reason that nobody thought of is tried again, and given up where people see it."""
        wave = stuck(course, sam, monkeypatch)
        assert wave.is_stuck
        assert wave.finished_at is None
        assert list(RefundWave.objects.under_way()) == [wave]


class TestWhatABankHolds:
    def test_is_left_shown_and_asked_for_when_the_bank_has_decided(
        self, course: Course, sam: User, client: Client
    ) -> None:
        _first, second = two_sales(course)
        dispute = open_dispute(second)
        decide("refund", "course", "glazes", sam)
        refund_all()
        wave = RefundWave.objects.get()
        assert (wave.asked_count, wave.left_count, wave.finished_at) == (1, 1, None)
        client.force_login(sam)
        assert "1 sale is held by the buyer" in client.get(reverse("moderation:refunds")).content.decode()
        api = APIClient()
        api.force_authenticate(sam)
        told = api.get(reverse("api-moderation-refunds-under-way")).json()["results"]
        assert [(row["asked"], row["left"], row["is_stuck"]) for row in told] == [(1, 1, False)]
        bank_decides(dispute, "win")
        wave = look_again()
        assert (wave.asked_count, wave.left_count) == (2, 0)
        assert wave.finished_at is not None
        assert not Enrollment.objects.active().exists()
        assert "held by" not in client.get(reverse("moderation:refunds")).content.decode()

    def test_lost_to_the_bank_nothing_is_left(self, course: Course, sam: User) -> None:
        _first, second = two_sales(course)
        dispute = open_dispute(second)
        decide("refund", "course", "glazes", sam)
        refund_all()
        assert look_again().finished_at is None
        bank_decides(dispute, "lose")
        wave = look_again()
        assert (wave.asked_count, wave.left_count) == (1, 0)
        assert wave.finished_at is not None

    def test_what_is_sold_or_given_meanwhile_stays(self, course: Course, sam: User) -> None:
        """A refund leaves the course on sale: whoever buys it afterwards knows what she buys."""
        _first, second = two_sales(course)
        dispute = open_dispute(second)
        enroll(cast.person("Guest"), course, source="staff")
        decide("refund", "course", "glazes", sam)
        refund_all()
        assert not Enrollment.objects.active().filter(learner=cast.person("Guest")).exists()
        late, given = cast.person("Late"), cast.person("Given")
        shop.buy(late, [course])
        enroll(given, course, source="staff")
        bank_decides(dispute, "win")
        assert look_again().finished_at is not None
        assert {right.learner for right in Enrollment.objects.active().filter(course=course)} == {late, given}

    def test_the_income_of_a_claimed_course_waits_for_it(self, course: Course, ada: User, sam: User) -> None:
        _first, second = two_sales(course)
        dispute = open_dispute(second)
        claims.decide(claims.disputed(cast.cole(), sam), sam, "uphold", income="learners")
        refund_all()
        income.follow()
        claim = RightsClaim.objects.get()
        assert claim.escrow is not None
        assert claim.escrow.closed_at is None
        bank_decides(dispute, "win")
        look_again()
        income.follow()
        claim.escrow.refresh_from_db()
        assert claim.escrow.closed_at is not None
        assert income.in_escrow(claim) == []


class TestWhatWorkersGaveUp:
    def test_is_tried_anew_by_a_senior(
        self, course: Course, sam: User, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        wave = stuck(course, sam, monkeypatch)
        client.force_login(sam)
        assert "Given up" in client.get(reverse("moderation:refunds")).content.decode()
        with pytest.raises(NotAllowed):
            agreeing.resume(wave, by=cast.person("Joe", role="moderator"))
        assert client.post(reverse("moderation:resume_refund", args=[wave.pk])).status_code == 302
        refund_all()
        assert RefundWave.objects.get().finished_at is not None
        assert Refund.objects.get().amount == Money(1999, "USD")
        assert AuditEvent.objects.filter(verb="refund_wave.resume").exists()
        with pytest.raises(RefundNotStuck):
            agreeing.resume(wave, by=sam)

    def test_keeps_the_income_of_a_claim_where_it_is(
        self, course: Course, sam: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """To the creators it would go for good, and the money of the learners with it."""
        shop.buy(cast.lin(), [course])
        claims.decide(claims.disputed(cast.cole(), sam), sam, "uphold", income="learners")
        monkeypatch.setattr(RefundWave, "MAX_ATTEMPTS", 1)
        with pytest.raises(RuntimeError):
            work.run(RefundWave, RefundWave.objects.get().pk, _fail)
        assert RefundWave.objects.get().is_stuck
        income.follow()
        claim = RightsClaim.objects.get()
        assert claim.escrow is not None
        assert claim.escrow.closed_at is None

    def test_is_answered_over_the_api(self, course: Course, sam: User, monkeypatch: pytest.MonkeyPatch) -> None:
        wave = stuck(course, sam, monkeypatch)
        api = APIClient()
        api.force_authenticate(sam)
        address = reverse("api-moderation-resume-refund", args=[wave.pk])
        assert api.post(address).status_code == 204
        answer = api.post(address)
        assert (answer.status_code, answer.json()["code"]) == (409, "refund_not_stuck")


def test_the_worker_asks_each_sale_once(course: Course, sam: User) -> None:
    two_sales(course)
    decide("refund", "course", "glazes", sam)
    wave = RefundWave.objects.get()
    work.run(RefundWave, wave.pk, waves.give_back)
    wave.reopen()
    work.run(RefundWave, wave.pk, waves.give_back)
    assert Refund.objects.count() == 2
