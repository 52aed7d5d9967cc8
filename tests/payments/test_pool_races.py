"""The pool when two divide it at once, and when processes die at named places: each is booked once."""

import pytest
from django.db import IntegrityError

from accounts.models import User
from marketplace.lib import clock
from marketplace.lib.emails import Mail
from marketplace.lib.money import Money
from marketplace.lib.sweeps import SweepFailed
from payments import ledger, refunds
from payments.models import AccountKind, LedgerEntry, MembershipMonth, PoolDivision, PoolMonth
from payments.pool import booking, dividing, looking, watching
from tests import cast
from tests.faults.meeting import wait_for_somebody_inside
from tests.faults.taken_away import lingering, planted, taken_away
from tests.payments import shop
from tests.payments.crash import dies_at
from tests.payments.crowd import at_once
from tests.payments.held import books_hold
from tests.payments.pooled import course_of, member, the_pass, until_due, watches

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def month(ada: User, lin: User, monkeypatch: pytest.MonkeyPatch) -> object:
    """Two creators in two batches, and a month that is due."""
    monkeypatch.setattr(looking, "BATCH", 1)
    the_pass()
    courses = [course_of("Ada", "Pots"), course_of("Bo", "Songs")]
    member(lin)
    for course in courses:
        watches(lin, course, 0, 100)
    until_due()
    return MembershipMonth.objects.get().ends_at.date().replace(day=1)


def booked() -> list[int]:
    """What each entry took out of the pool."""
    entries = LedgerEntry.objects.filter(kind="pool").order_by("pk")
    return [sum(posting.amount_minor for posting in entry.postings.filter(account__kind="pool")) for entry in entries]


# Nothing is booked of one division.
BROKEN = "IF NEW.idem_key LIKE 'pool:{}:%' THEN RAISE EXCEPTION 'planted'; END IF; RETURN NEW;"


def pool() -> int:
    return ledger.balance(AccountKind.POOL, None, "USD", "sandbox").minor


class TestTwoAtOnce:
    def test_divide_once(self, month) -> None:
        with taken_away(lingering("payments_pooldivision")):
            found = at_once(lambda _n: dividing.divide("USD", month), 2)
            assert sum(each is not None for each in found) == 1
            assert PoolMonth.objects.count() == 1
            dividing.follow()
            assert books_hold()

    def test_without_the_lock_the_key_refuses_the_second(self, month) -> None:
        with taken_away(lingering("payments_pooldivision")):
            with pytest.raises(IntegrityError):
                at_once(lambda _n: dividing.divide("USD", month), 2, without_locks=True)
            assert PoolDivision.objects.count() == 1

    def test_book_once(self, month) -> None:
        division = dividing.divide("USD", month)
        assert division
        at_once(lambda _n: booking.book(division), 3)
        assert booked() == [315, 315]
        assert Mail.objects.filter(key__startswith="pool:").count() == 2
        assert books_hold()

    def test_follow_as_one(self, month) -> None:
        at_once(lambda _n: dividing.follow(), 3)
        assert booked() == [315, 315]
        assert pool() == 0
        assert books_hold()


class TestMoneyThatGoesBackMeanwhile:
    """A month is given back while it is divided: what is paid in next bears it, and no cent is divided twice."""

    @staticmethod
    def divided_in_all(month) -> int:
        """Of two months of 6.30, of which the first went back after its division was reckoned, before its commit."""
        order = MembershipMonth.objects.get().order

        def give_back() -> None:
            wait_for_somebody_inside()
            refunds.refund(order, by=cast.fay(), reason="Kind")
            shop.send_refunds()

        acts = [lambda: dividing.divide("USD", month), give_back]
        at_once(lambda n: acts[n](), 2)
        dividing.follow()
        assert (booked(), pool()) == ([315, 315], -630)
        dora = cast.person("Dora")
        member(dora)
        watches(dora, course_of("Ada", "Pots"), 0, 10)
        until_due()
        dividing.follow()
        assert books_hold()
        return sum(booked())

    def test_the_next_month_bears_it(self, month) -> None:
        with taken_away(lingering("payments_pooldivision")):
            assert self.divided_in_all(month) == 630
            assert pool() == 0

    def test_control_if_nobody_asked_what_was_late_the_pool_would_lack_it(
        self, month, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(watching, "_LATE", "SELECT 0::bigint")
        with taken_away(lingering("payments_pooldivision")):
            assert self.divided_in_all(month) == 2 * 630
            assert pool() == -630


class TestAProcess:
    def test_that_dies_before_its_commit_has_divided_nothing(self, month) -> None:
        assert dies_at("pool.before_commit", dividing.follow)
        assert not PoolDivision.objects.exists()
        assert dividing.follow() == 1
        assert booked() == [315, 315]
        assert books_hold()

    @pytest.mark.parametrize("place", ["pool.before_batch_commit", "pool.between_batches"])
    def test_that_dies_while_booking_is_followed_by_another(self, month, place: str) -> None:
        assert dies_at(place, dividing.follow)
        division = PoolDivision.objects.get()
        assert division.booked_at is None
        assert pool() == (630 if place == "pool.before_batch_commit" else 315)
        assert books_hold()
        assert dividing.follow() == 0
        assert booked() == [315, 315]
        assert PoolDivision.objects.get().booked_at
        assert Mail.objects.filter(key__startswith="pool:").count() == 2
        assert pool() == 0
        assert books_hold()

    def test_leaves_the_rest_to_the_next_hour_and_others_go_on(self, month) -> None:
        """One that fails is told of where people look; what is to be booked besides is booked."""
        division = dividing.divide("USD", month)
        assert division
        the_pass(Money(1_000, "JPY"))
        tea = course_of("Ada", "Tea", Money(3_000, "JPY"))
        dora = cast.person("Dora")
        member(dora)
        watches(dora, tea, 0, 10)
        until_due()
        with taken_away(planted("payments_ledgerentry", BROKEN.format(division.pk))):
            with pytest.raises(SweepFailed, match="1 failed, 1 done"):
                dividing.follow()
            yen, dollars = PoolDivision.objects.order_by("currency")
            assert (yen.currency, yen.booked_at is None, dollars.booked_at) == ("JPY", False, None)

    def test_finds_the_same_when_it_looks_again(self, month) -> None:
        now = clock.now()
        before = looking.look("USD", month, now).digest()
        division = dividing.divide("USD", month, now)
        assert division
        assert division.inputs_hash == before
