"""Much money goes back to learners only when a second person agrees, once."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from courses.models import Course
from learners.models import Enrollment
from marketplace.lib import work
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from moderation import measures
from moderation.measures import agreeing, refund_limit
from moderation.measures.agreeing import OwnRefundApproved, ReasonMissing, RefundNotWaiting
from moderation.models import RefundVerdict, RefundWave
from payments.models import Refund
from tests import cast
from tests.courses.factories import make_course
from tests.faults.taken_away import constraint, meeting, taken_away
from tests.moderation.decisions import decide, wish
from tests.moderation.factories import kim
from tests.moderation.test_measures import refund_all
from tests.payments import shop
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _limit(settings: Any) -> None:
    settings.KEZHAN_REFUND_ALL_APPROVAL_MINOR = 1999


@pytest.fixture
def course(ada: User, lin: User) -> Course:
    course = make_course(title="Glazes")
    shop.buy(lin, [course])
    return course


def decided(sam: User, action: str = "refund", **more: Any) -> RefundWave:
    decide(action, "course", "glazes", sam, **more)
    return RefundWave.objects.get()


class TestFromTheLimitOn:
    def test_nothing_is_given_back_before_somebody_agrees(self, course: Course, sam: User) -> None:
        wave = decided(sam)
        assert wave.is_waiting
        assert RefundWave.claim(wave.pk) is None
        assert work.sweep() >= 0
        refund_all()
        assert not Refund.objects.exists()
        assert Enrollment.objects.active().exists()

    def test_the_one_who_decides_is_told_before(self, course: Course, sam: User, client: Client) -> None:
        assert measures.preview(wish("refund", "course", "glazes"), sam).needs_second
        assert not measures.preview(wish("unpublish", "course", "glazes"), sam).needs_second

    def test_others_are_asked_by_mail(self, course: Course, sam: User) -> None:
        other = kim()
        wave = decided(sam)
        assert [mail.to for mail in Mail.objects.filter(key__startswith="refund-second")] == [other.email]
        assert wave.measure.title in Mail.objects.get(to=other.email).subject

    def test_another_moderator_lets_it_go(self, course: Course, sam: User) -> None:
        wave = decided(sam)
        agreeing.approve(wave, by=kim())
        refund_all()
        assert Refund.objects.get().state == Refund.State.DONE
        assert not Enrollment.objects.active().exists()
        assert AuditEvent.objects.filter(verb="refund_wave.approve").exists()

    def test_neither_who_decided_nor_whose_course_it_is_agrees(self, course: Course, ada: User, sam: User) -> None:
        wave = decided(sam)
        cast.give_role(ada, "senior")
        for person in (sam, User.objects.get(pk=ada.pk)):
            with pytest.raises(OwnRefundApproved):
                agreeing.approve(wave, by=person)
        with pytest.raises(NotAllowed):
            agreeing.approve(wave, by=cast.cole())
        assert RefundWave.objects.get().is_waiting

    def test_declined_a_refund_ends_and_nobody_is_refunded(self, course: Course, sam: User) -> None:
        wave = decided(sam)
        with pytest.raises(ReasonMissing):
            agreeing.decline(wave, by=kim(), reason=" ")
        agreeing.decline(wave, by=kim(), reason="The label has agreed")
        refund_all()
        assert not Refund.objects.exists()
        assert not RefundWave.objects.get().measure.is_standing
        assert not RefundWave.objects.waiting().exists()

    def test_declined_a_takedown_stands(self, course: Course, ada: User, sam: User) -> None:
        wave = decided(sam, "unpublish", rule="fake_learning")
        agreeing.decline(wave, by=kim(), reason="They learnt enough")
        refund_all()
        course.refresh_from_db()
        assert not course.is_on_sale
        assert Enrollment.objects.active().exists()
        assert "They learnt enough" in Mail.objects.get(key=f"refund-declined:{wave.pk}").text

    @pytest.mark.parametrize(("action", "agrees"), [("refund", True), ("refund", False), ("unpublish", False)])
    def test_the_first_person_hears_what_the_second_said(
        self, action: str, agrees: bool, course: Course, sam: User
    ) -> None:
        wave = decided(sam, action, rule="fake_learning")
        answer = agreeing.approve if agrees else agreeing.decline
        answer(wave, by=kim(), reason="The label has agreed")
        mail = Mail.objects.get(key=f"refund-answered:{wave.pk}")
        assert mail.to == sam.email
        assert ("has agreed, and" in mail.text, "has declined" in mail.text) == (agrees, not agrees)
        assert "The label has agreed" in mail.text

    def test_a_decision_taken_back_waits_for_nobody(self, course: Course, sam: User) -> None:
        wave = decided(sam)
        measures.reverse(wave.measure, sam, reason="Wrong course")
        with pytest.raises(RefundNotWaiting):
            agreeing.approve(wave, by=kim())

    def test_is_answered_on_page_and_api(self, course: Course, sam: User, client: Client) -> None:
        wave = decided(sam)
        client.force_login(sam)
        assert "Somebody else must agree" in client.get(reverse("moderation:refunds")).content.decode()
        assert client.post(reverse("moderation:approve_refund", args=[wave.pk])).status_code == 403
        client.force_login(kim())
        assert client.get(reverse("api-moderation-refunds")).json()["results"][0]["money"] == [
            {"minor": "1999", "currency": "USD"}
        ]
        answer = client.post(reverse("api-moderation-decline-refund", args=[wave.pk]))
        assert (answer.status_code, answer.json()["code"]) == (400, "reason_missing")
        assert client.post(reverse("moderation:approve_refund", args=[wave.pk])).status_code == 302
        answer = client.post(reverse("api-moderation-approve-refund", args=[wave.pk]))
        assert (answer.status_code, answer.json()["code"]) == (409, "refund_not_waiting")


class TestTheLimit:
    def test_below_it_one_person_is_enough(self, course: Course, sam: User, settings: Any) -> None:
        settings.KEZHAN_REFUND_ALL_APPROVAL_MINOR = 2000
        assert not decided(sam).is_waiting
        refund_all()
        assert Refund.objects.exists()

    def test_counts_all_currencies_together(self, settings: Any) -> None:
        settings.KEZHAN_REFUND_ALL_APPROVAL_MINOR = 500_000
        half = [Money(250_000, "USD"), Money(375_000, "JPY")]
        assert refund_limit.is_reached(half)
        assert not refund_limit.is_reached([half[0], Money(374_999, "JPY")])
        settings.KEZHAN_REFUND_ALL_APPROVAL_MINOR = 0
        assert not refund_limit.is_reached(half)


class TestTheRow:
    def test_is_never_changed(self, course: Course, sam: User) -> None:
        agreeing.approve(decided(sam), by=kim())
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            RefundVerdict.objects.update(agrees=False)

    def test_is_by_a_second_person_or_the_database_refuses_it(self, course: Course, sam: User) -> None:
        with pytest.raises(IntegrityError, match="a_second_person_agrees"), transaction.atomic():
            RefundVerdict.objects.note(decided(sam), by=sam, reason="", agrees=True)


def _both_answer(**how: Any) -> list[Any]:
    """One moderator agrees, another declines, at once."""
    shop.buy(cast.lin(), [make_course(title="Glazes")])
    wave = decided(cast.sam(), "unpublish", rule="fake_learning")
    kim_, leo = kim(), cast.person("Leo", role="senior")
    acts = [lambda: agreeing.approve(wave, by=kim_), lambda: agreeing.decline(wave, by=leo, reason="No")]
    return at_once(lambda n: acts[n](), 2, **how)


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_give_one_answer() -> None:
    answers = _both_answer()
    assert sorted(type(answer).__name__ for answer in answers) == ["RefundNotWaiting", "RefundVerdict"]
    assert RefundVerdict.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_rule_they_give_two() -> None:
    slow = meeting("moderation_refundverdict")  # so that the two meet
    with taken_away(constraint("moderation_refundverdict", "moderation_refundverdict_wave_id_key"), slow):
        answers = _both_answer(without_locks=True)
        assert [type(answer).__name__ for answer in answers] == ["RefundVerdict", "RefundVerdict"]
