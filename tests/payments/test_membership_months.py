"""Months of memberships: taken when they are due, tried again, paused, canceled, paid by hand, ended."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts.models import User
from creators.models import Suspension
from learners.models import Enrollment
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from marketplace.lib.money import Money
from payments import invoices, privacy
from payments.incomes import rollups, statements
from payments.memberships import canceling, ending, holding, paying, taking_back
from payments.models import (
    Invoice,
    Membership,
    MembershipClosing,
    MembershipCourse,
    MembershipMonth,
    MembershipRelease,
    Order,
    Refund,
)
from payments.models.membership_closing import NoticeTooShort
from payments.monthly import nth_day
from payments.sandbox import oracle
from payments.sandbox.models import SandboxCustomer
from tests.courses.factories import make_course
from tests.faults.taken_away import taken_away, triggers
from tests.payments import shop
from tests.payments.held import books_hold
from tests.payments.in_parts import banks_answer
from tests.payments.membered import (
    NINE,
    charge_all,
    club,
    fresh,
    join,
    next_month,
    offer_of,
    open_course,
    work_off,
)
from tests.payments.statements import today, verifier, write

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def mails(start: str) -> int:
    return Mail.objects.filter(key__startswith=start).count()


def right(person: User) -> Enrollment:
    return Enrollment.objects.of(person).active().get()


class TestDays:
    @pytest.mark.parametrize(
        ("first", "number", "expected"),
        [
            ("2026-01-31", 1, "2026-01-31"),
            ("2026-01-31", 2, "2026-02-28"),
            ("2026-01-31", 3, "2026-03-31"),
            ("2026-12-15", 2, "2027-01-15"),
            ("2024-02-29", 13, "2025-02-28"),
        ],
    )
    def test_are_the_first_ones_of_each_month(self, first: str, number: int, expected: str) -> None:
        assert nth_day(datetime.fromisoformat(first).date(), number).isoformat() == expected


class TestTheNextMonth:
    def test_is_taken_on_its_day(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        charge_all()
        assert MembershipMonth.objects.count() == 1
        membership = next_month(membership)
        assert (membership.last_month, membership.failed_tries) == (2, 0)
        first, second = MembershipMonth.objects.order_by("number")
        assert first.ends_at == second.starts_at
        assert list(oracle.charges().values()) == [900, 900]
        assert right(lin).paused_at is None
        assert mails("receipt:") == 2
        assert books_hold()

    def test_costs_what_was_agreed(self, ada: User, lin: User) -> None:
        offer, _course = club()
        membership = join(lin, offer)
        offer_of(offer.creator, Money(2_000, "USD"))
        next_month(membership)
        assert list(oracle.charges().values()) == [900, 900]

    def test_goes_on_when_the_offer_is_closed(self, ada: User, lin: User) -> None:
        offer, _course = club()
        membership = join(lin, offer)
        offer.close(by=ada)
        assert next_month(membership).last_month == 2

    def test_what_is_over_is_not_asked_for(self, ada: User, lin: User) -> None:
        offer, _course = club()
        membership = join(lin, offer)
        clock.advance(timedelta(days=100))
        charge_all()
        membership = fresh(membership)
        assert membership.last_month == 4
        assert membership.paid_until
        assert membership.paid_until > clock.now()
        assert len(oracle.charges()) == 2
        assert books_hold()

    def test_opens_courses_that_joined_and_closes_those_that_left(self, ada: User, lin: User) -> None:
        offer, course = club(opens="marked")
        MembershipCourse.objects.place(course, by=ada)
        membership = join(lin, offer)
        open_course(lin, course)
        MembershipCourse.objects.place(make_course(title="Other"), by=ada)
        MembershipCourse.objects.lift(course, by=ada)
        assert right(lin).paused_at is None  # to the end of the month that was paid
        next_month(membership)
        assert right(lin).paused_at
        MembershipCourse.objects.place(course, by=ada)
        open_course(lin, course)
        assert right(lin).paused_at is None


class TestAMonthThatDoesNotCome:
    def test_is_tried_three_times_then_it_ends(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        banks_answer("card_declined")
        membership = next_month(membership)
        assert (membership.failed_tries, right(lin).paused_at) == (1, None)
        assert mails("month-failed:") == 1
        membership = next_month(membership)
        assert membership.failed_tries == 2
        assert right(lin).paused_at  # three days after the end of what was paid
        assert membership.paused_at
        membership = next_month(membership)
        assert (membership.state, membership.end_reason) == ("ended", "not_paid")
        assert right(lin).is_active
        assert right(lin).paused_at
        assert oracle.charges().__len__() == 1
        work_off()
        assert not SandboxCustomer.objects.exists()
        assert books_hold()

    def test_is_paid_by_hand_and_opens_everything_again(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        banks_answer("card_declined")
        membership = next_month(next_month(membership))
        assert right(lin).paused_at
        order = paying.pay(membership, by=lin)
        assert order == paying.pay(membership, by=lin)
        shop.pay(order)
        shop.deliver_all()
        membership = fresh(membership)
        assert (membership.last_month, membership.failed_tries, membership.paused_at) == (2, 0, None)
        assert right(lin).paused_at is None
        assert next_month(membership).last_month == 3  # by the new card
        assert books_hold()

    def test_nobody_else_pays_it(self, ada: User, lin: User, cole: User) -> None:
        membership = join(lin, club()[0])
        with pytest.raises(NotAllowed):
            paying.pay(membership, by=cole)

    def test_after_the_end_she_begins_anew_and_her_courses_are_there(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        mine = open_course(lin, course)
        banks_answer("card_declined")
        next_month(next_month(next_month(membership)))
        again = join(lin, offer)
        assert again != membership
        assert open_course(lin, course) == mine
        assert right(lin).paused_at is None
        assert books_hold()


class TestCanceling:
    def test_ends_with_the_paid_month(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        canceling.cancel(membership, by=lin)
        canceling.cancel(membership, by=lin)
        assert mails("membership-canceled:") == 1
        assert right(lin).paused_at is None
        membership = next_month(membership)
        assert (membership.state, membership.end_reason) == ("ended", "canceled")
        assert right(lin).paused_at
        assert len(oracle.charges()) == 1
        assert MembershipRelease.objects.count() == 1
        assert books_hold()

    def test_can_be_taken_back_until_then(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        canceling.cancel(membership, by=lin)
        assert canceling.may_resume(fresh(membership))
        canceling.resume(membership, by=lin)
        assert next_month(membership).last_month == 2

    def test_of_what_is_overdue_ends_it_at_once(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        banks_answer("card_declined")
        membership = next_month(membership)
        canceling.cancel(membership, by=lin)
        assert fresh(membership).end_reason == "canceled"
        assert right(lin).paused_at
        with pytest.raises(canceling.HasEnded):
            canceling.resume(membership, by=lin)

    def test_is_hers_alone(self, ada: User, lin: User, cole: User) -> None:
        membership = join(lin, club()[0])
        for act in (canceling.cancel, canceling.resume):
            with pytest.raises(NotAllowed):
                act(membership, by=cole)

    def test_money_that_comes_afterwards_goes_back(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        clock.advance(25 * DAY)
        order = paying.pay(membership, by=lin)
        canceling.cancel(membership, by=lin)
        shop.pay(order)
        shop.deliver_all()
        shop.send_refunds()
        assert fresh(membership).last_month == 1
        assert oracle.refunds()[Order.objects.get(pk=order.pk).charge_id] == 900
        assert books_hold()


class TestGivingBack:
    def test_a_month_comes_back_whole_and_ends_it(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        shown = taking_back.of(membership)
        assert shown
        assert shown.amount == NINE
        taking_back.take_back(membership, by=lin, expected=NINE)
        shop.send_refunds()
        membership = fresh(membership)
        assert (membership.state, membership.end_reason) == ("ended", "refunded")
        assert right(lin).paused_at
        assert oracle.refunds() == oracle.charges()
        assert books_hold()

    def test_not_after_its_days(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        shown = taking_back.of(membership)
        assert shown
        clock.advance(timedelta(days=shown.rule.whole_days) + timedelta(minutes=1))
        with pytest.raises(taking_back.MonthStays):
            taking_back.take_back(membership, by=lin, expected=NINE)

    def test_not_by_another(self, ada: User, lin: User, cole: User) -> None:
        membership = join(lin, club()[0])
        with pytest.raises(NotAllowed):
            taking_back.take_back(membership, by=cole, expected=NINE)


class TestACreatorWhoStops:
    def test_tells_her_members_in_time(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        with pytest.raises(NoticeTooShort):
            ending.announce(ada.creator, clock.now() + 29 * DAY, by=ada)
        ending.announce(ada.creator, clock.now() + 40 * DAY, by=ada)
        assert mails("membership-closing:") == 1
        membership = next_month(membership)
        assert membership.last_month == 2
        membership = next_month(membership)
        assert (membership.state, membership.end_reason) == ("ended", "closed")
        assert len(oracle.charges()) == 2
        assert MembershipClosing.objects.count() == 1

    def test_suspended_nothing_is_taken_and_the_rest_goes_back(self, ada: User, lin: User, sam: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        assert membership.paid_until
        Suspension.objects.suspend(creator=ada.creator, by=sam, rule_code="x", reason="y")
        clock.advance(10 * DAY)
        charge_all()
        shop.send_refunds()
        membership = fresh(membership)
        assert membership.end_reason == "creator_gone"
        [back] = oracle.refunds().values()
        assert 500 < back < 650
        assert Refund.objects.get().cause == "month"
        assert len(oracle.charges()) == 1
        assert books_hold()


class TestAnAccountThatIsDeleted:
    def test_ends_it(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        assert privacy.tell(lin).tables["memberships"][0]["last_month"] == 1
        Membership.objects.end_all_of(lin, datetime.now(UTC))
        assert fresh(membership).end_reason == "forgotten"
        work_off()
        assert not SandboxCustomer.objects.exists()
        comes_no_more = Membership.objects.due(clock.now() + 400 * DAY)
        assert not comes_no_more.exists()


class TestThePapers:
    def test_are_reckoned_anew_by_the_verifier(self, ada: User, lin: User, tmp_path) -> None:
        membership = next_month(join(lin, club()[0]))
        taking_back.take_back(membership, by=lin, expected=NINE)
        shop.send_refunds()
        files, verify = write(tmp_path, ada.creator), verifier()
        head, seals = verify.read_seals(files[0])
        verify.check_statement(files[1], head, seals, None)
        rollups.roll()
        rollups.roll()
        assert books_hold()

    def test_say_which_month(self, ada: User, lin: User) -> None:
        join(lin, club()[0])
        [line] = Invoice.objects.get().snapshot["lines"]
        assert line["title"] == "The kiln club"
        assert line["month"][0] == clock.now().date().isoformat()
        for language in ("en", "zh-hans"):
            assert invoices.pdf(Invoice.objects.get(), language).startswith(b"%PDF")
        [told] = statements.statement(ada.creator, "USD", today().replace(day=1)).lines
        assert told.title == "A month of “The kiln club”"
        assert told.amount == Money(810, "USD")

    def test_somebody_whose_card_ends_is_told_once(self, ada: User, lin: User) -> None:
        membership = join(lin, club()[0])
        Membership.objects.filter(pk=membership.pk).update(card_until=clock.now().date())
        clock.advance(20 * DAY)
        charge_all()
        charge_all()
        assert mails("membership-card:") == 1


class TestTheLastWord:
    """Negative controls: what the check of the books would say."""

    def test_of_a_course_that_is_open_for_nothing(self, ada: User, lin: User) -> None:
        offer, course = club()
        membership = join(lin, offer)
        open_course(lin, course)
        membership.end("canceled", clock.now())
        assert not list(holding.breaks())
        Enrollment.objects.update(paused_at=None)
        assert any("is not paid" in said for said in holding.breaks())

    def test_of_months_that_overlap(self, ada: User, lin: User) -> None:
        membership = next_month(join(lin, club()[0]))
        assert not list(holding.breaks())
        second = MembershipMonth.objects.get(number=2)
        with connection.cursor() as cursor:  # what waits for the commit stands in the way of the trigger's absence
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with taken_away(triggers("payments_membershipmonth")):
            MembershipMonth.objects.filter(pk=second.pk).update(starts_at=second.starts_at - 5 * DAY)
            assert any("begins before" in said for said in holding.breaks())
            MembershipMonth.objects.filter(pk=second.pk).update(starts_at=second.starts_at, number=9)
            assert any("no row says" in said for said in holding.breaks())
            MembershipMonth.objects.filter(pk=second.pk).update(number=2)
        assert membership.last_month == 2
