"""The pool of the pass: when a month is divided, what counts, and whose it becomes. Every scene ends with the books."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from creators.models import Creator, Suspension
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from payments import escrow, ledger, privacy, refunds, splits
from payments.incomes import figures, rollups, statements
from payments.memberships import taking_back
from payments.models import (
    AccountKind,
    CourseEscrow,
    LedgerEntry,
    MembershipMonth,
    PassListing,
    PoolDivision,
    PoolMonth,
    PoolPart,
    PoolView,
)
from payments.pool import booking, dividing, holding, looking
from payments.years import figures as years
from tests import cast
from tests.creators.factories import make_creator
from tests.payments import shop
from tests.payments.held import books_hold
from tests.payments.membered import charge_all, join, offer_of, open_course
from tests.payments.pooled import DAY, course_of, divide, leave, member, the_pass, until_due, watches

pytestmark = pytest.mark.django_db
AVAILABLE, PENDING, POOL = AccountKind.CREATOR_AVAILABLE, AccountKind.CREATOR_PENDING, AccountKind.POOL
SHARE = 630  # of 9.00 USD, 70 %


@pytest.fixture
def pots(ada: User) -> Course:
    the_pass()
    return course_of("Ada", "Pots")


@pytest.fixture
def songs(ada: User) -> Course:
    return course_of("Bo", "Songs")


@pytest.fixture(autouse=True)
def _books_hold() -> Iterator[None]:
    yield
    assert books_hold()


def balance(kind: AccountKind, owner: int | None = None) -> int:
    return ledger.balance(kind, owner, "USD", "sandbox").minor


def shared(course: Course, coauthor: Creator, bps: int) -> None:
    split = splits.propose(course, [(coauthor, bps)], by=course.creator.user)
    splits.accept(split, by=coauthor.user)


def has(course: Course) -> int:
    return balance(AVAILABLE, course.creator_id)


class TestAMonth:
    def test_is_divided_by_what_each_member_watched(self, lin: User, cole: User, pots: Course, songs: Course) -> None:
        for person in (lin, cole):
            member(person)
        watches(lin, pots, 0, 100)
        watches(cole, pots, 0, 900)
        watches(cole, songs, 0, 300)
        (division,) = divide()
        assert (division.amount_minor, division.members, division.seconds) == (2 * SHARE, 2, 1_300)
        assert has(pots) == SHARE + 473 or has(pots) == SHARE + 472
        assert has(pots) + has(songs) == 2 * SHARE
        assert balance(POOL) == 0
        assert division.booked_at

    def test_is_not_divided_before_its_days_have_passed(self, lin: User, pots: Course) -> None:
        membership = member(lin)
        watches(lin, pots, 0, 100)
        leave()
        month = membership.months.get()
        due = dividing.due_at(month.ends_at.date().replace(day=1))
        clock.advance(due - clock.now() - timedelta(minutes=5))
        assert dividing.follow() == 0
        assert balance(POOL) == SHARE
        clock.advance(timedelta(minutes=6))
        assert dividing.follow() == 1
        assert dividing.follow() == 0
        charge_all()

    def test_that_was_given_back_is_not_in_it(self, lin: User, cole: User, pots: Course) -> None:
        mine = member(lin)
        member(cole)
        watches(cole, pots, 0, 100)
        taking_back.take_back(mine, by=lin, expected=Money(900, "USD"))
        shop.send_refunds()
        (division,) = divide()
        assert (division.amount_minor, division.members, division.late_minor) == (SHARE, 1, 0)

    def test_under_dispute_waits_for_a_later_one(self, lin: User, cole: User, pots: Course) -> None:
        mine = member(lin)
        member(cole)
        watches(lin, pots, 0, 100)
        watches(cole, pots, 0, 100)
        order = mine.months.get().order
        order.items.update(disputed_at=timezone.now())
        (division,) = divide()
        assert division.amount_minor == SHARE
        order.items.update(disputed_at=None)
        clock.advance(40 * DAY)
        dividing.follow()
        assert [each.amount_minor for each in PoolDivision.objects.here()] == [SHARE, SHARE]
        charge_all()

    def test_in_which_nobody_watched_goes_on_to_the_next(self, lin: User, pots: Course) -> None:
        member(lin)
        assert divide() == []
        assert balance(POOL) == SHARE
        cole = cast.cole()
        member(cole)
        watches(cole, pots, 0, 10)
        (division,) = divide()
        assert (division.amount_minor, division.rest_minor) == (2 * SHARE, SHARE)
        assert has(pots) == 2 * SHARE

    def test_bears_what_is_given_back_after_an_earlier_one(self, lin: User, cole: User, pots: Course) -> None:
        mine = member(lin)
        watches(lin, pots, 0, 10)
        divide()
        assert has(pots) == SHARE
        refunds.refund(mine.months.get().order, by=cast.fay(), reason="Kind")
        shop.send_refunds()
        assert balance(POOL) == -SHARE
        assert has(pots) == SHARE
        dora = cast.person("Dora")
        for person in (cole, dora):
            member(person)
            watches(person, pots, 0, 10)
        second = divide()[0]
        assert (second.late_minor, second.amount_minor) == (SHARE, SHARE)
        assert balance(POOL) == 0


class TestWhatCounts:
    def test_a_second_counts_once_a_month(self, lin: User, pots: Course, songs: Course) -> None:
        member(lin)
        for _n in range(3):
            watches(lin, pots, 0, 100)
        watches(lin, songs, 0, 100)
        (division,) = divide()
        assert division.seconds == 200
        assert has(pots) == has(songs) == SHARE // 2

    def test_only_while_the_course_took_part(self, lin: User, pots: Course, songs: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        watches(lin, songs, 0, 100)
        PassListing.objects.lift(songs, by=songs.creator.user)
        watches(lin, songs, 100, 900)
        (division,) = divide()
        assert division.seconds == 200

    def test_not_what_was_watched_before_the_month(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        watches(lin, pots, 100, 900, at=timezone.now() - 3 * DAY)
        (division,) = divide()
        assert division.seconds == 100

    def test_not_a_course_that_she_bought(self, lin: User, pots: Course, songs: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        watches(lin, songs, 0, 100)
        shop.buy(lin, [songs])
        (division,) = divide()
        assert division.seconds == 100

    def test_not_what_a_creators_own_membership_opens(self, lin: User, pots: Course, songs: Course) -> None:
        offer_of(songs.creator)
        join(lin, offer_of(songs.creator))
        member(lin)
        watches(lin, songs, 0, 100)
        watches(lin, pots, 0, 100)
        (division,) = divide()
        assert list(division.parts.values_list("course", flat=True)) == [pots.pk]

    def test_not_ones_own_course_nor_one_that_one_shares_in(self, ada: User, lin: User, pots: Course) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Bakes")
        member(bea.user)
        open_course(bea.user, pots)
        shared(pots, bea, 3_000)
        member(lin)
        watches(bea.user, pots, 0, 500)
        watches(lin, pots, 0, 100)
        (division,) = divide()
        assert division.seconds == 100

    def test_nothing_of_whose_account_is_suspended(self, lin: User, cole: User, pots: Course, songs: Course) -> None:
        for person, course in ((lin, pots), (cole, songs)):
            member(person)
            watches(person, course, 0, 100)
        User.objects.filter(pk=lin.pk).update(rests_since=timezone.now())
        (division,) = divide()
        assert (division.rest_minor, has(pots), has(songs)) == (SHARE, 0, 2 * SHARE)

    def test_nothing_for_a_creator_who_is_suspended(self, lin: User, cole: User, pots: Course, songs: Course) -> None:
        for person, course in ((lin, pots), (cole, songs)):
            member(person)
            watches(person, course, 0, 100)
        Suspension.objects.suspend(creator=pots.creator, by=cast.sam(), rule_code="CP-1", reason="Copies")
        divide()
        assert (has(pots), has(songs)) == (0, 2 * SHARE)


class TestAPart:
    def test_is_shared_among_co_authors(self, lin: User, pots: Course) -> None:
        bea = make_creator(cast.person("Bea"), "Bea Bakes")
        shared(pots, bea, 3_333)
        member(lin)
        watches(lin, pots, 0, 100)
        divide()
        assert (has(pots), balance(AVAILABLE, bea.pk)) == (421, 209)
        assert {part.role: part.others_bps for part in PoolPart.objects.all()} == {
            "creator": [3_333],
            "coauthor": [6_667],
        }

    def test_of_a_course_that_is_claimed_waits(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        row = escrow.begin(pots, cause="claim:1", by=cast.sam())
        divide()
        assert (has(pots), balance(PENDING, pots.creator_id)) == (0, SHARE)
        assert booking.free_held() == 0
        escrow.end(row, CourseEscrow.Outcome.BACK, by=cast.sam())
        assert booking.free_held() == 1
        assert booking.free_held() == 0
        assert (has(pots), balance(PENDING, pots.creator_id)) == (SHARE, 0)

    def test_of_an_upheld_claim_is_the_claimants(self, lin: User, pots: Course, songs: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        row = escrow.begin(pots, cause="claim:1", by=cast.sam())
        divide()
        escrow.end(row, CourseEscrow.Outcome.AWARD, by=cast.sam())
        assert booking.free_held() == 0
        row.refresh_from_db()
        row.name_payee(songs.creator)
        assert booking.free_held() == 1
        assert (has(songs), balance(PENDING, pots.creator_id)) == (SHARE, 0)

    def test_of_a_claim_that_was_upheld_before_it_is_divided_is_the_claimants_too(
        self, lin: User, pots: Course, songs: Course
    ) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        row = escrow.begin(pots, cause="claim:1", by=cast.sam())
        row.name_payee(songs.creator)
        escrow.end(row, CourseEscrow.Outcome.AWARD, by=cast.sam())
        divide()
        assert (has(pots), has(songs), balance(PENDING, pots.creator_id)) == (0, SHARE, 0)

    def test_is_told_once(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        divide()
        dividing.follow()
        assert Mail.objects.filter(key__startswith="pool:").count() == 1
        assert "Pots: " in Mail.objects.get(key__startswith="pool:").text

    def test_in_a_currency_without_minor_units(self, lin: User, ada: User) -> None:
        the_pass(Money(1_000, "JPY"))
        pots = course_of("Ada", "Pots", Money(3_000, "JPY"))
        member(lin)
        watches(lin, pots, 0, 7)
        (division,) = divide()
        assert division.amount == Money(700, "JPY")
        assert ledger.balance(AVAILABLE, pots.creator_id, "JPY", "sandbox").minor == 700


class TestPapers:
    def test_say_what_the_pool_brought(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        (division,) = divide()
        month = division.divided_at.date().replace(day=1)
        creator = pots.creator
        line = statements.statement(creator, "USD", month).lines[-1]
        assert (line.kind, line.title, line.amount.minor, line.reference) == (
            "pool", "Pots", SHARE, f"{division.month:%Y-%m}",
        )  # fmt: skip
        assert figures.figures(creator, "USD", month, month).total.share.minor == SHARE
        assert figures.figures(creator, "USD", month, month).total.others.minor == 0
        for _n in range(2):
            rollups.roll(lambda: rollups.Present(LedgerEntry.objects.latest("pk").pk, 2**60, 2**60))
        assert list(rollups.breaks()) == []
        assert figures.figures(creator, "USD", month, month).total.share.minor == SHARE

    def test_the_year_counts_it_as_income(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        divide()
        quarters = years.of_year("sandbox", timezone.now().year)[pots.creator_id, "USD"]
        assert (sum(q.share for q in quarters), sum(q.other for q in quarters)) == (SHARE, 0)


class TestRows:
    def test_never_change(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        (division,) = divide()
        for change in (
            lambda: PoolDivision.objects.update(amount_minor=1),
            lambda: PoolDivision.objects.update(booked_at=timezone.now()),
            lambda: PoolPart.objects.update(amount_minor=1),
            lambda: PoolMonth.objects.update(divided_minor=1),
            lambda: PoolView.objects.update(seconds=1),
            lambda: PoolPart.objects.all().delete(),
            lambda: division.delete(),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_sum_to_the_division(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        (division,) = divide()
        part = division.parts.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            PoolPart.objects.bulk_create([
                PoolPart(
                    division=division, course=part.course, owner=course_of("Bo", "Songs").creator, role="coauthor",
                    bps=1, seconds=1, members=1, course_minor=1, amount_minor=1, batch=0,
                )
            ])  # fmt: skip

    def test_of_a_division_cannot_be_left_out(self, lin: User, pots: Course) -> None:
        with transaction.atomic():
            PoolDivision.objects.create(
                book="sandbox", currency="USD", month="2020-01-01", amount_minor=5, members=1, seconds=1, batches=1,
                inputs_hash="0" * 64, divided_at=timezone.now(),
            )  # fmt: skip
            with pytest.raises(IntegrityError), connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)

    def test_name_all_that_they_were_reckoned_from(self, lin: User, pots: Course, songs: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        watches(lin, songs, 0, 100)
        then = timezone.now()
        until_due()
        now, month = clock.now(), MembershipMonth.objects.get().ends_at.date().replace(day=1)
        seen = looking.look("USD", month, now)
        watches(lin, songs, 100, 101, at=then)
        changed = looking.look("USD", month, now)
        assert seen.digest() != changed.digest()
        assert looking.look("USD", month, now).digest() == changed.digest()
        assert not PoolDivision.objects.exists()

    def test_a_break_is_found(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        until_due()
        month = MembershipMonth.objects.get().ends_at.date().replace(day=1)
        with transaction.atomic():
            division = dividing.divide("USD", month)
            assert division
            assert list(holding.breaks()) == []
            division.mark_booked(clock.now())
            assert "its entries to 0" in " ".join(holding.breaks())
            transaction.set_rollback(True)


class TestWhoLeaves:
    def test_takes_what_she_watched_with_her(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        divide()
        told = privacy.tell(lin)
        assert [row["seconds"] for row in told.tables["watched_by_the_pass"]] == [100]
        PoolView.objects.forget(lin)
        assert not PoolView.objects.exists()
        assert PoolPart.objects.get().amount_minor == SHARE
