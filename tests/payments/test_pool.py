"""The pool of the pass: when a month is divided, what counts, and whose it becomes. Every scene ends with the books."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from courses.models import Course
from creators.models import Creator
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from payments import ledger, privacy, refunds, splits
from payments.incomes import figures, rollups, statements
from payments.memberships import taking_back
from payments.models import (
    AccountKind,
    LedgerEntry,
    Membership,
    MembershipMonth,
    PoolDivision,
    PoolMonth,
    PoolPart,
    PoolView,
)
from payments.pool import booking, dividing, holding, looking, turns, watching
from payments.years import figures as years
from tests import cast
from tests.creators.factories import make_creator
from tests.faults.taken_away import take_away, triggers
from tests.payments import shop
from tests.payments.held import books_hold
from tests.payments.membered import charge_all
from tests.payments.pooled import DAY, course_of, crowd, divide, leave, member, the_pass, until_due, watches

pytestmark = pytest.mark.django_db
AVAILABLE, POOL = AccountKind.CREATOR_AVAILABLE, AccountKind.POOL
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


def bare_division() -> PoolDivision:
    """Of five cents, with nothing in it."""
    return PoolDivision.objects.create(
        book="sandbox", currency="USD", month="2020-01-01", amount_minor=5, members=1, seconds=1, batches=1,
        inputs_hash="0" * 64, divided_at=timezone.now(),
    )  # fmt: skip


def check_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def divide_without(month: MembershipMonth) -> None:
    """All but a month that its bank disputes."""
    month.order.items.update(disputed_at=timezone.now())
    divide()
    month.order.items.update(disputed_at=None)


def make_it_old(division: PoolDivision) -> None:
    """As if it had been made in a transaction before this test's own."""
    take_away(triggers("payments_pooldivision", "pool_division_stands"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE payments_pooldivision SET tx = '1'::xid8 WHERE id = %s", [division.pk])


def leaves(course: Course, coauthor: Creator) -> None:
    split = splits.propose(course, [], by=course.creator.user)
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
        due = turns.due_at(month.ends_at.date().replace(day=1))
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

    def test_of_the_other_book_is_not_touched(self, lin: User, cole: User, pots: Course) -> None:
        """Live months beside the sandbox's are neither divided nor counted as late."""
        theirs = member(lin)
        member(cole)
        for person in (lin, cole):
            watches(person, pots, 0, 100)
        until_due()
        with transaction.atomic():
            take_away(triggers("payments_membership"))
            Membership.objects.filter(pk=theirs.pk).update(book="live")
            (month,) = {each for _currency, each in dividing.due(clock.now())}
            look = looking.look("USD", month)
            assert (look.given.months, look.given.late) == (
                {Membership.objects.get(member=cole).months.get().pk: SHARE},
                0,
            )
            transaction.set_rollback(True)
        dividing.follow()

    def test_that_waited_is_divided_as_it_was_shared_then(self, lin: User, cole: User, pots: Course) -> None:
        """Bea had a third while it was watched, and has left since."""
        bea = make_creator(cast.person("Bea"), "Bea Bakes")
        shared(pots, bea, 3_000)
        mine = member(lin)
        watches(lin, pots, 0, 100)
        mine.months.get().order.items.update(disputed_at=timezone.now())
        divide()
        leaves(pots, bea)
        mine.months.get().order.items.update(disputed_at=None)
        member(cole)
        watches(cole, pots, 0, 100)
        (division,) = divide()
        assert (has(pots), balance(AVAILABLE, bea.pk)) == (SHARE + 441, 189)
        (old, new) = division.parts.filter(owner=pots.creator).order_by("watched_in")
        assert (old.bps, new.bps, new.watched_in) == (7_000, 10_000, division.month)
        assert old.watched_in == mine.months.get().ends_at.date().replace(day=1)

    def test_that_ends_with_the_first_moment_of_a_month_is_of_that_one(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        leave()
        month = MembershipMonth.objects.get()
        with transaction.atomic():
            take_away(triggers("payments_membershipmonth"))
            first = (month.ends_at + 31 * DAY).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
            MembershipMonth.objects.update(ends_at=first)
            for end, found in ((first, {}), (first + 31 * DAY, {month.pk: SHARE})):
                given = watching.inputs("sandbox", "USD", end, clock.now() + 90 * DAY)
                assert given.months == found
            assert [key for key, *_ in given.seconds[month.pk]] == [pots.pk]
            assert [name for _course, name in given.seconds[month.pk]] == [f"{first:%Y-%m}"]
            transaction.set_rollback(True)

    def test_of_long_ago_is_divided_with_the_newest_that_is_due(self, lin: User, cole: User, pots: Course) -> None:
        for person in (lin, cole):
            member(person)
            watches(person, pots, 0, 100)
            leave()
            clock.advance(62 * DAY)
        clock.advance(60 * DAY)
        charge_all()
        assert dividing.follow() == 1
        (division,) = PoolDivision.objects.here()
        assert division.amount_minor == 2 * SHARE
        assert division.parts.values("watched_in").distinct().count() == 2
        assert has(pots) == 2 * SHARE


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

    def test_is_told_once(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        divide()
        dividing.follow()
        assert Mail.objects.filter(key__startswith="pool:").count() == 1
        text = Mail.objects.get(key__startswith="pool:").text
        assert "Courses that fewer than 5 members watched: $6.30" in text
        assert "Pots" not in text

    def test_of_enough_members_is_told_by_its_course(self, pots: Course) -> None:
        crowd(pots, 5)
        divide()
        text = Mail.objects.get(key__startswith="pool:").text
        assert "Pots: $31.50" in text
        assert "fewer than" not in text

    def test_in_a_currency_without_minor_units(self, lin: User, ada: User) -> None:
        the_pass(Money(1_000, "JPY"))
        pots = course_of("Ada", "Pots", Money(3_000, "JPY"))
        member(lin)
        watches(lin, pots, 0, 7)
        (division,) = divide()
        assert division.amount == Money(700, "JPY")
        assert ledger.balance(AVAILABLE, pots.creator_id, "JPY", "sandbox").minor == 700


class TestPapers:
    def test_say_what_the_pool_brought(self, pots: Course, songs: Course) -> None:
        crowd(pots, 5)
        tea = course_of("Ada", "Tea")
        watches(cast.person("Mem0"), tea, 0, 60)
        (division,) = divide()
        month = division.divided_at.date().replace(day=1)
        creator = pots.creator
        lines = [line for line in statements.statement(creator, "USD", month).lines if line.kind == "pool"]
        assert [(str(line.title), line.amount.minor, line.reference) for line in lines] == [
            ("Pots", 5 * SHARE - SHARE // 2, f"{division.month:%Y-%m}"),
            ("Courses that few members watched", SHARE // 2, f"{division.month:%Y-%m}"),
        ]
        said = {"share": 5 * SHARE, "others": 0, None: SHARE // 2, pots: 5 * SHARE - SHARE // 2}
        assert self.figures_of(creator, month) == said
        for _n in range(2):
            rollups.roll(lambda: rollups.Present(LedgerEntry.objects.latest("pk").pk, 2**60, 2**60))
        assert list(rollups.breaks()) == []
        assert self.figures_of(creator, month) == said

    def test_say_of_what_few_watched_one_sum_of_hers_and_what_she_shares_in(
        self, lin: User, pots: Course, songs: Course
    ) -> None:
        """Apart, the two would say how long a single member watched each."""
        shared(songs, pots.creator, 5_000)
        member(lin)
        watches(lin, pots, 0, 100)
        watches(lin, songs, 0, 100)
        (division,) = divide()
        assert {part.role for part in PoolPart.objects.filter(owner=pots.creator, division=division)} == {
            "creator",
            "coauthor",
        }
        month = division.divided_at.date().replace(day=1)
        hers = SHARE // 2 + SHARE // 4
        lines = [line for line in statements.statement(pots.creator, "USD", month).lines if line.kind == "pool"]
        assert [line.amount.minor for line in lines] == [hers]
        found = figures.figures(pots.creator, "USD", month, month)
        assert [(line.course, line.sums.share.minor) for line in found.courses] == [(None, hers)]

    @staticmethod
    def figures_of(creator: Creator, month: date) -> dict[Any, int]:
        found = figures.figures(creator, "USD", month, month)
        by_course = {line.course: line.sums.share.minor for line in found.courses}
        return {"share": found.total.share.minor, "others": found.total.others.minor, **by_course}

    def test_the_year_counts_it_as_what_came_otherwise(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        divide()
        quarters = years.of_year("sandbox", timezone.now().year)[pots.creator_id, "USD"]
        assert [sum(getattr(q, name) for q in quarters) for name in ("gross", "share", "other")] == [0, 0, SHARE]


class TestRows:
    def test_never_change(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        (division,) = divide()
        for change in (
            lambda: PoolDivision.objects.update(amount_minor=1),
            lambda: PoolDivision.objects.update(booked_at=timezone.now()),
            lambda: PoolPart.objects.update(amount_minor=1),
            lambda: PoolPart.objects.update(batch=1),
            lambda: PoolMonth.objects.update(divided_minor=1),
            lambda: PoolView.objects.update(seconds=1),
            lambda: PoolPart.objects.all().delete(),
            lambda: division.delete(),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                change()

    def test_are_written_with_their_division_alone(self, lin: User, pots: Course) -> None:
        """Also a month of which nothing is divided, which no sum would show."""
        membership = member(lin)
        watches(lin, pots, 0, 100)
        later = member(cast.cole()).months.get()
        divide_without(later)
        division, month = PoolDivision.objects.get(), membership.months.get()
        part = division.parts.get()
        songs = course_of("Bo", "Songs")
        make_it_old(division)
        facts = {"role": "coauthor", "watched_in": division.month, "bps": 1, "seconds": 1, "members": 1, "batch": 0}
        for amount in (0, 1):
            with pytest.raises(IntegrityError), transaction.atomic():
                PoolPart.objects.create(
                    division=division, course=part.course, owner=songs.creator, course_minor=amount,
                    amount_minor=amount, **facts,
                )  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            PoolMonth.objects.create(division=division, month=later, amount_minor=SHARE, divided_minor=0, seconds=0)
        assert month.pooled.division == division

    def test_control_without_the_rule_a_months_money_is_nobodys(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        later = member(cast.cole()).months.get()
        divide_without(later)
        make_it_old(division := PoolDivision.objects.get())
        with transaction.atomic():
            take_away(triggers("payments_poolmonth", "pool_months_fit"))
            PoolMonth.objects.create(division=division, month=later, amount_minor=SHARE, divided_minor=0, seconds=0)
            assert "its months sum to" in " ".join(holding.breaks())
            transaction.set_rollback(True)

    @pytest.mark.parametrize(
        ("facts", "words"),
        [({"batch": 1}, "is in no batch"), ({"course_minor": 4}, "is not the sum of its parts"), ({}, "")],
    )
    def test_of_a_course_sum_to_it_and_are_in_a_batch(
        self, lin: User, pots: Course, facts: dict[str, int], words: str
    ) -> None:
        member(lin)
        month = MembershipMonth.objects.get()
        with transaction.atomic():
            division = bare_division()
            PoolMonth.objects.create(division=division, month=month, amount_minor=5, divided_minor=5, seconds=1)
            values = {"batch": 0, "course_minor": 5, "amount_minor": 5, "bps": 10_000, "seconds": 1, "members": 1}
            PoolPart.objects.create(
                division=division, course=pots, owner=pots.creator, role="creator", watched_in=division.month,
                **{**values, **facts},
            )  # fmt: skip
            if words:
                with pytest.raises(IntegrityError, match=words):
                    check_now()
            else:
                check_now()
            transaction.set_rollback(True)

    def test_are_booked_only_when_their_entries_are_there(self, lin: User, pots: Course) -> None:
        member(lin)
        watches(lin, pots, 0, 100)
        until_due()
        division = dividing.divide("USD", MembershipMonth.objects.get().ends_at.date().replace(day=1))
        assert division
        with pytest.raises(IntegrityError, match="its entries sum to 0"), transaction.atomic():
            division.mark_booked(clock.now())
        division.refresh_from_db()
        booking.book(division)
        assert PoolDivision.objects.get().booked_at

    def test_of_a_division_cannot_be_left_out(self, lin: User, pots: Course) -> None:
        with transaction.atomic():
            bare_division()
            with pytest.raises(IntegrityError):
                check_now()
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
            take_away(triggers("payments_pooldivision", "pool_is_booked"))
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
