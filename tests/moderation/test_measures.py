"""Decisions: what each does, that its effect was seen, that it is one, and that its end is another row."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.db.utils import InternalError
from django.test import Client
from django.urls import reverse
from django.utils import translation
from rest_framework.test import APIClient

from accounts.models import AuditEvent, User
from courses.models import Course, Restriction, Takedown
from courses.models.takedown import AlreadyTakenDown
from learners import rights
from learners.models import Enrollment
from marketplace.lib import work
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from moderation import measures, rulebook
from moderation.measures import EffectChanged, NotStanding, waves
from moderation.measures.wish import NoSuchMeasure
from moderation.models import Case, CaseClosed, Measure, RefundWave
from moderation.models.rule import UnknownRule
from moderation.reports import WrongRule
from payments import holds
from payments.holds import HeldByModerators
from payments.models import OrderItem, PayoutHold, Refund
from tests import cast
from tests.courses.factories import make_course
from tests.faults.taken_away import constraint, meeting, take_away, taken_away, triggers
from tests.moderation.decisions import decide, decide_case, report, wish
from tests.moderation.factories import kim
from tests.payments import shop
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db
REFUSED = (IntegrityError, InternalError)


@pytest.fixture
def course(ada: User) -> Course:
    return make_course(title="Glazes")


def refund_all() -> None:
    for pk in RefundWave.open_work().values_list("pk", flat=True):
        work.run(RefundWave, pk, waves.give_back)
    shop.send_refunds()


class TestUnpublishing:
    def test_stops_the_sale_tells_the_creator_and_leaves_learners_what_they_have(
        self, course: Course, ada: User, lin: User, sam: User
    ) -> None:
        shop.buy(lin, [course])
        measure = decide("unpublish", "course", "glazes", sam, reason="The music in lesson 2 belongs to a label.")
        course.refresh_from_db()
        assert not course.is_on_sale
        assert Enrollment.objects.active().get().learner == lin
        assert not RefundWave.objects.exists()
        mail = Mail.objects.get(key=f"measure:{measure.pk}")
        assert (mail.to, mail.subject) == (ada.email, "“Glazes” is taken off the sale")
        for words in ("The creator may use what is shown", "The music in lesson 2", "appeal within 30 days"):
            assert words in mail.text
        assert Takedown.objects.get() == measure.takedown
        assert (measure.takedown.rule_code, measure.takedown.rule_version) == ("rights", 1)

    def test_under_a_rule_that_says_so_takes_the_course_and_gives_the_money_back(
        self, course: Course, lin: User, cole: User, sam: User
    ) -> None:
        orders = [shop.buy(person, [course]) for person in (lin, cole)]
        wanted = wish("unpublish", "course", "glazes", rule="fake_learning")
        effect = measures.preview(wanted, sam)
        assert (effect.takes_back, effect.learners, effect.sales) == (True, 2, 2)
        assert [money.minor for money in effect.money] == [2 * 1999]
        measures.decide(wanted, sam, seen=effect.version)
        refund_all()
        assert not Enrollment.objects.active().exists()
        assert {refund.cause for refund in Refund.objects.all()} == {Refund.Cause.RULES}
        for order in orders:
            order.refresh_from_db()
            assert order.refunds.get().state == Refund.State.DONE
        assert RefundWave.objects.get().asked_count == 2

    @pytest.mark.parametrize("action", ["unpublish", "suspend"])
    def test_leaves_learners_their_lessons_and_lets_nobody_new_in(
        self, action: str, course: Course, lin: User, cole: User, sam: User
    ) -> None:
        shop.buy(lin, [course])
        about = ("course", "glazes") if action == "unpublish" else ("creator", course.creator.slug)
        decide(action, *about, sam)
        lesson = course.live_lessons().filter(is_preview=False).first()
        address = reverse("learners:lesson", args=[course.slug, lesson.key])
        opened = {}
        for person in (lin, cole):
            client = Client()
            client.force_login(person)
            opened[person] = client.get(address).status_code
        assert opened[lin] == 200
        assert opened[cole] != 200

    def test_is_not_repeated(self, course: Course, sam: User) -> None:
        decide("unpublish", "course", "glazes", sam)
        assert measures.preview(wish("unpublish", "course", "glazes"), sam).is_so_already
        with pytest.raises(AlreadyTakenDown):
            decide("unpublish", "course", "glazes", sam)

    def test_needs_a_rule_of_the_book(self, course: Course, sam: User) -> None:
        with pytest.raises(UnknownRule):
            decide("unpublish", "course", "glazes", sam, rule="taste")

    def test_needs_one_that_is_about_courses(self, course: Course, sam: User) -> None:
        """The page offers no other; over the API a rule about people would do, or one that gives money back."""
        wanted = wish("unpublish", "course", "glazes", rule="respect")
        for act in (lambda: measures.preview(wanted, sam), lambda: measures.decide(wanted, sam, seen="")):
            with pytest.raises(WrongRule):
                act()
        client = APIClient()
        client.force_authenticate(sam)
        told = {"action": "warn", "rule_code": "fair_accounts", "reason": "x"}
        refused = client.post("/api/v1/moderation/measures/course/glazes/weigh/", told)
        assert (refused.status_code, refused.json()["code"]) == (400, "wrong_rule")


class TestRefundingEverybody:
    def test_is_asked_for_once_however_often_the_worker_begins(self, course: Course, lin: User, sam: User) -> None:
        shop.buy(lin, [course])
        decide("refund", "course", "glazes", sam)
        wave = RefundWave.objects.get()
        for _twice in range(2):
            RefundWave.objects.filter(pk=wave.pk).update(through_item_id=0)
            waves.give_back(RefundWave.claim(wave.pk) or wave)
            RefundWave.objects.filter(pk=wave.pk).update(lease_until=None)
        assert Refund.objects.count() == 1

    def test_ends_free_rights_too(self, ada: User, lin: User, sam: User) -> None:
        free = make_course(title="Free", price=Money(0, "USD"))
        Enrollment.objects.enroll_free(learner=lin, course=free)
        decide("refund", "course", "free", sam)
        refund_all()
        ended = Enrollment.objects.get()
        assert ended.end_reason == Enrollment.EndReason.WITHDRAWN
        mail = Mail.objects.get(key=f"right-ended:{ended.pk}")
        assert (mail.to, mail.subject) == (lin.email, "“Free” has left your library")

    def test_taken_back_gives_free_rights_back_once(self, ada: User, lin: User, cole: User, sam: User) -> None:
        free = make_course(title="Free", price=Money(0, "USD"))
        for learner in (lin, cole):
            Enrollment.objects.enroll_free(learner=learner, course=free)
        measure = decide("refund", "course", "free", sam)
        refund_all()
        assert not Enrollment.objects.active().exists()
        Enrollment.objects.enroll_free(learner=cole, course=free)
        measures.reverse(measure, kim(), reason="A mistake")
        for _twice in range(2):
            refund_all()
            RefundWave.objects.get().reopen()
        assert sorted(Enrollment.objects.active().values_list("learner__name", flat=True)) == ["Cole", "Lin"]
        free.refresh_from_db()
        assert free.learners_count == 2
        told = Mail.objects.filter(key__startswith="right-back:")
        assert [mail.to for mail in told] == [lin.email]  # Cole had helped herself

    def test_taken_back_leaves_what_its_learner_gave_up_herself(self, lin: User, sam: User) -> None:
        free = make_course(title="Free", price=Money(0, "USD"))
        Enrollment.objects.enroll_free(learner=lin, course=free)
        measure = decide("refund", "course", "free", sam)
        Enrollment.objects.withdraw(lin)
        refund_all()
        measures.reverse(measure, kim(), reason="A mistake")
        refund_all()
        assert not Enrollment.objects.active().exists()

    def test_free_rights_stop_ending_when_the_decision_is_taken_back_meanwhile(
        self, ada: User, lin: User, cole: User, sam: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        free = make_course(title="Free", price=Money(0, "USD"))
        for learner in (lin, cole):
            Enrollment.objects.enroll_free(learner=learner, course=free)
        measure = decide("refund", "course", "free", sam)
        rows: Any = type(Enrollment.objects.all())
        iterator, done = rows.iterator, list[Measure]()

        def taken_back_after_the_first(found: Any, **more: Any) -> Any:
            for place, right in enumerate(iterator(found, **more)):
                if place and not done:
                    done.append(measures.reverse(measure, kim(), reason="A mistake"))
                    refund_all()  # another worker gives back what has ended, and is done
                yield right

        monkeypatch.setattr(rows, "iterator", taken_back_after_the_first)
        refund_all()
        assert done
        assert sorted(Enrollment.objects.active().values_list("learner__name", flat=True)) == ["Cole", "Lin"]
        assert Mail.objects.filter(key__startswith="right-ended:").count() == 1
        assert Mail.objects.filter(key__startswith="right-back:").count() == 1

    def test_who_gave_up_a_free_right_or_left_us_meanwhile_is_told_nothing(
        self, ada: User, lin: User, cole: User, sam: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        free = make_course(title="Free", price=Money(0, "USD"))
        for learner in (lin, cole):
            Enrollment.objects.enroll_free(learner=learner, course=free)
        measure = decide("refund", "course", "free", sam)
        end = Enrollment.end

        def lin_was_faster(right: Enrollment, *args: Any, **more: Any) -> bool:
            Enrollment.objects.withdraw(lin)
            return end(right, *args, **more)

        monkeypatch.setattr(Enrollment, "end", lin_was_faster)
        refund_all()
        assert [mail.to for mail in Mail.objects.filter(key__startswith="right-ended:")] == [cole.email]
        User.objects.filter(pk=cole.pk).update(is_active=False)
        measures.reverse(measure, kim(), reason="A mistake")
        refund_all()
        assert not Enrollment.objects.active().exists()
        assert not Mail.objects.filter(key__startswith="right-back:").exists()

    def test_for_some_days_says_so_and_its_end_is_no_mistake(self, ada: User, lin: User, sam: User) -> None:
        free = make_course(title="Free", price=Money(0, "USD"))
        Enrollment.objects.enroll_free(learner=lin, course=free)
        measure = decide("unpublish", "course", "free", sam, rule="fake_learning", days=3)
        refund_all()
        assert "The decision holds until" in Mail.objects.get(key__startswith="right-ended:").text
        assert measure.ends_at
        with time_machine.travel(measure.ends_at, tick=False):
            assert measures.end_overdue() == 1
            RefundWave.objects.update(due_at=Now())
            refund_all()
        text = Mail.objects.get(key__startswith="right-back:").text
        assert ("time that was set" in text, "was taken back" in text) == (True, False)

    def test_stops_when_the_decision_is_taken_back(self, course: Course, lin: User, cole: User, sam: User) -> None:
        shop.buy(lin, [course])
        measure = decide("refund", "course", "glazes", sam)
        measures.reverse(measure, kim(), reason="A mistake")
        shop.buy(cole, [make_course(title="Kilns")])
        wave = RefundWave.claim(RefundWave.objects.get().pk)
        assert wave is not None
        wave.refresh_from_db()
        assert wave.stopped_at is not None
        waves.give_back(wave)
        assert not Refund.objects.exists()


class TestLimiting:
    def test_leaves_the_address_and_takes_the_course_from_every_list(self, course: Course, sam: User) -> None:
        measure = decide("limit", "course", "glazes", sam)
        client = Client()
        assert client.get(course.get_absolute_url()).status_code == 200
        for address in (reverse("courses:catalogue"), f"{reverse('courses:catalogue')}?q=glazes", "/"):
            assert "Glazes" not in client.get(address).content.decode()
        assert client.get("/api/v1/courses/").json()["results"] == []
        measures.reverse(measure, kim(), reason="Mended")
        assert "Glazes" in client.get(reverse("courses:catalogue")).content.decode()


class TestHiding:
    def test_closes_one_lesson_to_learners(self, course: Course, ada: User, lin: User, sam: User) -> None:
        Enrollment.objects.grant(learner=lin, course=course, source="staff")
        first, second = course.live_lessons()[:2]
        measure = decide("hide", "lesson", second.key, sam)
        assert rights.may_watch(lin, first)
        assert not rights.may_watch(lin, second)
        assert rights.may_watch(ada, second)
        assert rights.may_watch(sam, second)
        assert not rights.may_watch_asset(second.video.asset, str(lin.pk))
        assert rights.may_watch_asset(first.video.asset, str(lin.pk))
        client = Client()
        client.force_login(lin)
        page = client.get(reverse("learners:lesson", args=["glazes", second.key]))
        assert page.status_code == 403
        assert "hidden for now" in page.content.decode()
        measures.reverse(measure, kim(), reason="Mended")
        assert rights.may_watch(lin, second)

    def test_of_a_preview_closes_it_to_everybody(self, course: Course, sam: User) -> None:
        preview = course.live_lessons()[0]
        assert rights.may_watch(AnonymousUser(), preview)
        decide("hide", "lesson", preview.key, sam)
        assert not rights.may_watch(AnonymousUser(), preview)

    def test_is_of_lessons(self, course: Course, sam: User) -> None:
        with pytest.raises(NoSuchMeasure):
            decide("hide", "course", "glazes", sam)


class TestHoldingPayouts:
    def test_is_for_moderators_and_ended_by_them(self, course: Course, sam: User) -> None:
        measure = decide("hold", "creator", course.creator.slug, sam)
        hold = PayoutHold.objects.open().get()
        assert hold.rule_code == PayoutHold.Rule.CONTENT
        measures.reverse(measure, kim(), reason="Settled")
        assert not PayoutHold.objects.open().exists()

    def test_of_another_kind_stays_finance_s(self, course: Course, sam: User, fay: User) -> None:
        with pytest.raises(NotAllowed):
            PayoutHold.objects.place(creator=course.creator, by=sam, rule_code="risk", reason="x")
        hold = PayoutHold.objects.place(creator=course.creator, by=fay, rule_code="risk", reason="x")
        with pytest.raises(NotAllowed):
            hold.lift(by=sam, reason="x")


class TestTheEffect:
    def test_must_be_the_one_that_was_seen(self, course: Course, lin: User, sam: User) -> None:
        wanted = wish("refund", "course", "glazes")
        seen = measures.preview(wanted, sam).version
        shop.buy(lin, [course])
        with pytest.raises(EffectChanged) as changed:
            measures.decide(wanted, sam, seen=seen)
        assert changed.value.effect.sales == 1
        assert not Measure.objects.exists()
        measures.decide(wanted, sam, seen=changed.value.effect.version)

    def test_of_taking_down_does_not_grow_old_by_a_sale(self, course: Course, lin: User, sam: User) -> None:
        """Else a course that sells each second could not be stopped."""
        wanted = wish("unpublish", "course", "glazes")
        seen = measures.preview(wanted, sam).version
        shop.buy(lin, [course])
        measures.decide(wanted, sam, seen=seen)

    def test_has_the_words_that_are_sent(self, course: Course, sam: User) -> None:
        wanted = wish("warn", "course", "glazes")
        message = measures.preview(wanted, sam).message
        measure = decide("warn", "course", "glazes", sam)
        mail = Mail.objects.get(key=f"measure:{measure.pk}")
        assert message is not None
        assert (message.subject, message.text) == (mail.subject, mail.text.strip())
        other = wish("warn", "course", "glazes", reason="Another reason")
        with pytest.raises(EffectChanged):
            measures.decide(other, sam, seen=measures.preview(wanted, sam).version)

    def test_is_kept_with_the_decision(self, course: Course, lin: User, sam: User) -> None:
        shop.buy(lin, [course])
        effect = decide("unpublish", "course", "glazes", sam).effect
        assert (effect["learners"], effect["sales"], effect["takes_back"]) == (1, 0, False)


class TestWho:
    def test_decides_is_a_moderator_and_not_the_owner(self, course: Course, cole: User, ada: User) -> None:
        with pytest.raises(NotAllowed):
            decide("warn", "course", "glazes", cole)
        cast.give_role(ada, "moderator")
        with pytest.raises(NotAllowed):
            decide("warn", "course", "glazes", ada)

    def test_the_database_refuses_ones_own(self, course: Course, ada: User) -> None:
        rule = rulebook.book().rule("rights")
        with pytest.raises(REFUSED), transaction.atomic():
            Measure.objects.create(
                kind="course", key="glazes", title="x", owner=ada, action="warn", rule=rule, reason="x", decided_by=ada
            )


class TestAReversal:
    def test_is_another_row_and_both_stay(self, course: Course, sam: User) -> None:
        measure = decide("unpublish", "course", "glazes", sam, reason="Copied")
        reversal = measures.reverse(measure, kim(), reason="A license was shown.")
        course.refresh_from_db()
        assert course.is_on_sale
        assert (reversal.reverses, reversal.cause) == (measure, "reversed")
        assert Takedown.objects.get().lift_reason == "A license was shown."
        assert Mail.objects.get(key=f"measure:{reversal.pk}").subject == "“Glazes” is on sale again"
        for act in (
            lambda: Measure.objects.filter(pk=measure.pk).update(reason="Other"),
            lambda: Measure.objects.filter(pk=reversal.pk).delete(),
        ):
            with pytest.raises(REFUSED), transaction.atomic():
                act()
        assert AuditEvent.objects.filter(verb__in=["measure.decide", "measure.reverse"]).count() == 2

    def test_is_not_called_as_money_that_is_taken_back(self) -> None:
        with translation.override("zh-hans"):
            assert str(Measure.Cause.REVERSED.label) == "已撤销"

    def test_happens_once(self, course: Course, sam: User) -> None:
        measure = decide("warn", "course", "glazes", sam)
        measures.reverse(measure, kim(), reason="x")
        with pytest.raises(NotStanding):
            measures.reverse(measure, kim(), reason="x")

    def test_of_a_hold_is_not_finance_s_and_one_of_before_holds_up_no_other(
        self, course: Course, sam: User, fay: User, client: Client
    ) -> None:
        first = decide("hold", "creator", course.creator.slug, sam, days=7)
        second = decide("limit", "course", "glazes", sam, days=7)
        assert first.payout_hold is not None
        with pytest.raises(HeldByModerators):
            holds.lift(first.payout_hold, by=fay, reason="Cleared")
        assert PayoutHold.objects.open().exists()
        client.force_login(fay)
        page = client.get(reverse("payments:finance")).content.decode()
        assert "A moderator decided this hold" in page
        assert reverse("payments:lift_hold", args=[first.payout_hold.pk]) not in page
        first.payout_hold.lift(by=fay, reason="Cleared, when finance still could")
        for measure in (first, second):
            _pass_days(measure, 8)
        assert measures.end_overdue() == 2

    def test_comes_by_itself_when_the_time_is_up(self, course: Course, sam: User) -> None:
        measure = decide("limit", "course", "glazes", sam, days=7)
        assert timedelta(days=7) == measure.ends_at - measure.decided_at
        assert measures.end_overdue() == 0
        _pass_days(measure, 8)
        assert (measures.end_overdue(), measures.end_overdue()) == (1, 0)
        course.refresh_from_db()
        assert not course.is_limited
        reversal = Measure.objects.get(reverses=measure)
        assert (reversal.cause, reversal.decided_by) == ("expired", None)
        assert Restriction.objects.get().lifted_by is None


def _pass_days(measure: Measure, days: int) -> None:
    """The row was written some days ago: what no verb can do."""
    with transaction.atomic():
        take_away(triggers("moderation_measure", "moderation_measure_append_only"))
        past = timedelta(days=days)
        values = {"decided_at": measure.decided_at - past, "ends_at": measure.ends_at - past}
        Measure.objects.filter(pk=measure.pk).update(**values)


class TestACase:
    def test_is_closed_by_its_one_decision(self, course: Course, lin: User, sam: User) -> None:
        case = report("course", "glazes", lin)
        measure = decide_case(case, "warn", sam)
        case.refresh_from_db()
        assert case.closed_at == measure.decided_at
        with pytest.raises(CaseClosed):
            decide_case(case, "limit", kim())
        with pytest.raises(REFUSED), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(closed_at=None)

    def test_of_a_lesson_can_end_with_the_whole_course(self, course: Course, lin: User, sam: User) -> None:
        case = report("lesson", course.live_lessons()[0].key, lin)
        decide_case(case, "unpublish", sam)
        course.refresh_from_db()
        assert course.is_taken_down


class TestTheApi:
    def test_weighs_decides_and_reverses(self, course: Course, lin: User, sam: User) -> None:
        client = APIClient()
        client.force_authenticate(sam)
        case = report("course", "glazes", lin)
        root, body = "/api/v1/moderation", {"action": "limit", "rule_code": "rights", "reason": "x", "case": case.pk}
        listed = client.get(f"{root}/cases/").json()["results"]
        assert [row["id"] for row in listed] == [case.pk]
        effect = client.post(f"{root}/measures/course/glazes/weigh/", body).json()
        assert effect["message"]["subject"] == "“Glazes” is no longer recommended"
        stale = client.post(f"{root}/measures/course/glazes/", {**body, "effect_version": "old"})
        assert (stale.status_code, stale.json()["code"]) == (409, "effect_changed")
        made = client.post(f"{root}/measures/course/glazes/", {**body, "effect_version": effect["version"]})
        assert made.status_code == 201, made.content
        repeated = client.post(f"{root}/measures/course/glazes/", {**body, "effect_version": effect["version"]})
        assert repeated.json()["code"] == "case_closed"
        reverse_it = f"{root}/measures/{made.json()['id']}/reverse/"
        seen = client.post(f"{reverse_it}weigh/", {"reason": "x"}).json()["version"]
        assert client.post(reverse_it, {"reason": "x", "effect_version": seen}).status_code == 201
        assert len(client.get(f"{root}/measures/").json()["results"]) == 2


def _both_decide(**how: Any) -> list[Any]:
    """Two moderators confirm what they saw, at once."""
    case = report("course", "glazes", cast.lin())
    moderators = [kim(), cast.sam()]
    wishes = [wish(action, "course", "glazes", case=case) for action in ("warn", "limit")]
    seen = [measures.preview(wanted, by).version for wanted, by in zip(wishes, moderators, strict=True)]
    return at_once(lambda n: measures.decide(wishes[n], moderators[n], seen=seen[n]), 2, **how)


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_one_case_make_one_decision() -> None:
    make_course(title="Glazes")
    answers = _both_decide()
    assert sorted(type(answer).__name__ for answer in answers) == ["CaseClosed", "Measure"]
    assert Measure.objects.count() == Mail.objects.filter(key__startswith="measure:").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_rule_two_moderators_make_two_decisions() -> None:
    rules = (
        constraint("moderation_measure", "moderation_measure_case_id_key"),
        triggers("moderation_case", "case_is_decided"),
        meeting("moderation_measure"),  # so that the two meet
    )
    with taken_away(*rules):
        make_course(title="Glazes")
        answers = _both_decide(without_locks=True)
        assert [type(answer).__name__ for answer in answers] == ["Measure", "Measure"]


@pytest.mark.django_db(transaction=True)
def test_a_sale_between_look_and_decision_makes_it_stale_or_waits() -> None:
    """Whatever the order, the money that goes back is the money that was shown."""
    course = make_course(title="Glazes")
    sam, lin = cast.sam(), cast.lin()
    wanted = wish("refund", "course", "glazes")
    seen = measures.preview(wanted, sam).version
    order = shop.start(lin, [course])
    shop.pay(order)
    answers = at_once(lambda n: measures.decide(wanted, sam, seen=seen) if n else shop.deliver_all(), 2)
    measure = next((answer for answer in answers if isinstance(answer, Measure)), None)
    if measure is None:
        assert any(isinstance(answer, EffectChanged) for answer in answers)
    else:
        assert measure.effect["sales"] == 0
    assert OrderItem.objects.filter(granted_at__isnull=False).count() == 1
