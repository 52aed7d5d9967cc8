"""Closing a month: what is frozen, what is in the way, that nothing comes into it later, and that a change is named."""

import io
import json
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEvent, Notice
from marketplace.lib.errors import NotAllowed
from payments import watch
from payments.closing import act, months, obstacles, reminding, verifying
from payments.models import BookCheck, LedgerEntry, MonthClose, ReconBreak
from payments.models.month_close import START, hash_of, written
from payments.proof import seals
from tests import cast
from tests.payments.books import BOOK, make_available, sale, usd
from tests.payments.ended import APRIL, MARCH, MAY, booked_on, checked, noon, two_months
from tests.payments.test_invariants import break_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> None:
    two_months()


def account(row: MonthClose, kind: str) -> dict[str, str]:
    (usd_facts,) = row.facts["currencies"]
    return next(each for each in usd_facts["accounts"] if each["account"] == kind)


def insert(at: str, key: str = "late") -> None:
    """Straight into the table, as no code of ours does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_ledgerentry (book, idem_key, payload_hash, kind, occurred_at, created_at, meta)"
            " VALUES (%s, %s, '', 'sale', now(), %s, '{}')",
            [BOOK, key, at],
        )


class TestClosing:
    def test_freezes_balances_and_figures(self, books) -> None:
        row = act.close(MARCH, by=cast.fay(), note="Spring")
        assert row.facts["entries"] == 2
        assert account(row, "stripe_clearing") == {
            "account": "stripe_clearing", "opening": "0", "debits": "5999", "credits": "0", "closing": "5999",
        }  # fmt: skip
        assert account(row, "creator_pending")["closing"] == "-4500"
        figures = row.facts["currencies"][0]["figures"]
        assert (figures["gross_sales"], figures["revenue"], figures["refunds"]) == ("5999", "1499", "0")
        assert (row.facts["previous"], row.facts["note"], row.facts["by"]) == (START, "Spring", row.closed_by_id)
        assert row.facts["sealed"]["day"] == "2026-03-31"
        assert row.hash == hash_of(row.content)

    def test_of_the_next_month_goes_on_where_the_last_one_ended(self, books) -> None:
        march = act.close(MARCH, by=cast.fay())
        april = act.close(APRIL, by=cast.fay())
        assert april.facts["previous"] == march.hash
        assert account(april, "stripe_clearing")["opening"] == "5999"
        assert account(april, "stripe_clearing")["closing"] == "6799"
        assert april.facts["currencies"][0]["figures"]["gross_sales"] == "800"

    def test_would_begin_with_what_months_that_are_open_ended_with(self, books) -> None:
        (usd_facts,) = act.preview(APRIL)["currencies"]
        clearing = next(each for each in usd_facts["accounts"] if each["account"] == "stripe_clearing")
        assert (clearing["opening"], clearing["debits"], clearing["closing"]) == ("5999", "800", "6799")

    def test_is_for_finance(self, books) -> None:
        with pytest.raises(NotAllowed):
            act.close(MARCH, by=cast.sam())

    def test_is_done_once(self, books) -> None:
        act.close(MARCH, by=cast.fay())
        with pytest.raises(act.MonthAlreadyClosed):
            act.close(MARCH, by=cast.fay())

    def test_is_recorded_and_told_to_the_others_of_finance(self, books) -> None:
        fay, other = cast.fay(), cast.person("Finn", role="finance")
        row = act.close(MARCH, by=fay)
        event = AuditEvent.objects.get(verb="books.close_month")
        assert (event.actor, event.facts["hash"]) == (fay, row.hash)
        assert Notice.objects.of(other).filter(kind="payments/month_closed").count() == 1
        assert not Notice.objects.of(fay).exists()

    def test_of_a_month_without_entries_freezes_the_balances(self, books) -> None:
        act.close(MARCH, by=cast.fay())
        act.close(APRIL, by=cast.fay())
        seals.seal_closed_days(BOOK, through=date(2026, 5, 31))
        may = act.close(MAY, by=cast.fay())
        assert (may.facts["entries"], account(may, "stripe_clearing")["closing"]) == (0, "6799")

    def test_counts_an_entry_in_the_month_in_which_it_was_written_to_the_microsecond(self) -> None:
        booked_on(sale("sale:1", 100), datetime(2026, 3, 31, 23, 59, 59, 999999, tzinfo=UTC))
        booked_on(sale("sale:2", 200), datetime(2026, 4, 1, tzinfo=UTC))
        seals.seal_closed_days(BOOK, through=date(2026, 4, 30))
        checked()
        march, april = act.close(MARCH, by=cast.fay()), act.close(APRIL, by=cast.fay())
        assert account(march, "stripe_clearing")["debits"] == "100"
        assert account(april, "stripe_clearing")["debits"] == "200"

    def test_counts_an_entry_that_the_next_day_sealed(self) -> None:
        """Its number came after that of an entry of the next day: two writers around midnight."""
        booked_on(sale("sale:1", 200), datetime(2026, 4, 1, 0, 0, 0, 5, tzinfo=UTC))
        booked_on(sale("sale:2", 100), datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC))
        seals.seal_closed_days(BOOK, through=date(2026, 4, 30))
        checked()
        march, april = act.close(MARCH, by=cast.fay()), act.close(APRIL, by=cast.fay())
        assert account(march, "stripe_clearing")["debits"] == "100"
        assert account(april, "stripe_clearing")["closing"] == "300"
        assert verifying.verify(BOOK).wrong is None


class TestInTheWay:
    def codes(self, month: date) -> list[str]:
        return [found.code for found in obstacles.in_the_way(BOOK, month)]

    def test_is_nothing_of_a_month_that_is_over_sealed_and_checked(self, books) -> None:
        assert self.codes(MARCH) == []

    def test_is_a_month_that_is_not_over(self, books) -> None:
        with time_machine.travel(datetime(2026, 4, 30, 23, 59, 59, tzinfo=UTC), tick=False):
            assert self.codes(APRIL) == ["month_not_over"]
            with pytest.raises(obstacles.MonthNotOver):
                act.close(APRIL, by=cast.fay())

    def test_is_an_earlier_month_that_is_open(self, books) -> None:
        assert self.codes(APRIL) == ["earlier_month_open"]
        with pytest.raises(obstacles.EarlierMonthOpen, match="March 2026"):
            act.close(APRIL, by=cast.fay())

    def test_are_days_that_are_not_sealed(self) -> None:
        booked_on(sale("sale:1"), noon(date(2026, 3, 5)))
        seals.seal_closed_days(BOOK, through=date(2026, 3, 30))
        checked()
        assert self.codes(MARCH) == ["days_not_sealed"]
        seals.seal_closed_days(BOOK, through=date(2026, 3, 31))
        assert self.codes(MARCH) == []

    def test_is_an_entry_that_waits_for_the_next_day_s_seal(self) -> None:
        booked_on(sale("sale:1"), datetime(2026, 4, 1, 0, 0, 0, 5, tzinfo=UTC))
        booked_on(sale("sale:2"), datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC))
        seals.seal_closed_days(BOOK, through=date(2026, 3, 31))
        checked()
        assert self.codes(MARCH) == ["days_not_sealed"]

    def test_are_books_that_do_not_hold(self, books) -> None:
        posting = LedgerEntry.objects.get(idem_key="sale:2").postings.first().pk
        break_in(f"UPDATE payments_ledgerposting SET amount_minor = amount_minor + 1 WHERE id = {posting}")
        watch.check_hourly()
        assert "books_broken" in self.codes(MARCH)
        with pytest.raises(obstacles.BooksBroken, match="I1"):
            act.close(MARCH, by=cast.fay(), reason="It will do")

    def test_are_checks_that_ran_before_the_month_ended_or_never(self, books) -> None:
        BookCheck.objects.filter(name="I3").update(ran_at=datetime(2026, 3, 31, 23, tzinfo=UTC))
        BookCheck.objects.filter(name="seals").delete()
        with pytest.raises(obstacles.ChecksNotRun, match="I3, seals"):
            act.close(MARCH, by=cast.fay())

    def test_is_a_break_with_the_provider_unless_somebody_says_why_not(self, books) -> None:
        seen = noon(date(2026, 3, 20))
        found = ReconBreak.objects.note("balance", "USD", book=BOOK, amount=usd(7), note="off")
        ReconBreak.objects.filter(pk=found.pk).update(found_at=seen)
        with pytest.raises(obstacles.BreaksOpen):
            act.close(MARCH, by=cast.fay(), reason="  ")
        row = act.close(MARCH, by=cast.fay(), reason="The provider corrects it in June")
        assert row.reason == row.facts["reason"] == "The provider corrects it in June"
        assert [(each["id"], each["amount"]) for each in row.facts["breaks"]] == [(found.pk, "7")]

    def test_is_a_break_found_later_that_names_an_entry_of_the_month(self, books) -> None:
        ReconBreak.objects.note("unseen", "sale:2", book=BOOK, amount=usd(7), note="not listed")
        ReconBreak.objects.note("unseen", "sale:3", book=BOOK, amount=usd(7), note="of April")
        assert [row.key for row in obstacles.open_breaks(BOOK, MARCH)] == ["sale:2"]
        assert self.codes(MARCH) == ["breaks_open"]

    def test_is_no_break_of_a_later_month(self, books) -> None:
        ReconBreak.objects.note("balance", "USD", book=BOOK, amount=usd(7), note="off")
        assert self.codes(MARCH) == []
        assert act.close(MARCH, by=cast.fay(), reason="Not needed").reason == ""


class TestAClosedMonth:
    @pytest.fixture(autouse=True)
    def closed(self, books) -> None:
        act.close(MARCH, by=cast.fay())

    @pytest.mark.parametrize("at", ["2026-03-01 00:00+00", "2026-03-31 23:59:59.999999+00", "2026-04-01 07:00+08"])
    def test_takes_no_entry(self, at) -> None:
        with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
            insert(at)

    @pytest.mark.parametrize("at", ["2026-02-28 23:59:59.999999+00", "2026-04-01 00:00+00"])
    def test_leaves_the_months_beside_it_open(self, at) -> None:
        with transaction.atomic():
            insert(at)
            assert LedgerEntry.objects.filter(idem_key="late").exists()
            transaction.set_rollback(True)  # an entry without lines is not to stay

    def test_lets_everything_be_booked_today(self) -> None:
        assert sale("sale:now").pk

    @pytest.mark.parametrize("change", ["UPDATE payments_monthclose SET note = 'x'", "DELETE FROM payments_monthclose"])
    def test_is_never_changed(self, change) -> None:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


class TestVerifying:
    @pytest.fixture(autouse=True)
    def closed(self, books) -> None:
        act.close(MARCH, by=cast.fay())
        act.close(APRIL, by=cast.fay())

    def why(self) -> str:
        wrong = verifying.verify(BOOK).wrong
        return str(wrong) if wrong else ""

    def test_agrees_with_what_was_closed(self) -> None:
        result = verifying.verify(BOOK)
        assert (result.months, result.wrong) == (2, None)

    @pytest.mark.parametrize("at", [1, 40, 200, -2])
    def test_finds_a_changed_byte(self, at) -> None:
        content = MonthClose.objects.of(BOOK).first().content
        changed = content[:at] + chr(ord(content[at]) ^ 1) + content[at:][1:]
        self.rewrite(MARCH, changed, keep_hash=True)
        assert "sandbox 2026-03: its hash is" in self.why()

    def rewrite(self, month: date, content: str, *, keep_hash: bool = False) -> None:
        hashed = "" if keep_hash else f", hash = '{hash_of(content)}'"
        break_in(f"UPDATE payments_monthclose SET content = $q${content}$q${hashed} WHERE month = '{month}'")

    def forge(self, month: date, **changed: object) -> None:
        """Somebody who makes the hash fit as well."""
        facts = MonthClose.objects.get(month=month).facts
        facts |= changed
        self.rewrite(month, written(facts))

    def test_names_a_figure_that_was_changed_with_its_hash(self) -> None:
        facts = MonthClose.objects.get(month=APRIL).facts
        facts["currencies"][0]["figures"]["gross_sales"] = "801"
        self.forge(APRIL, currencies=facts["currencies"])
        assert self.why() == "sandbox 2026-04: USD gross_sales: 801 was closed, the ledger makes 800"

    def test_names_the_month_that_no_longer_follows(self) -> None:
        self.forge(MARCH, note="Another")
        assert self.why() == "sandbox 2026-03: its row says another note"
        break_in("UPDATE payments_monthclose SET note = 'Another' WHERE month = '2026-03-01'")
        assert self.why() == "sandbox 2026-04: it does not follow the month before it"

    def test_names_a_month_that_is_gone(self) -> None:
        break_in("DELETE FROM payments_monthclose WHERE month = '2026-03-01'")
        assert "2026-03: it has entries" in self.why()

    def test_names_the_first_line_that_the_ledger_no_longer_makes(self) -> None:
        ids = LedgerEntry.objects.get(idem_key="sale:2").postings.values_list("pk", flat=True)
        break_in(f"UPDATE payments_ledgerposting SET amount_minor = amount_minor + 5 WHERE id = {min(ids)}")
        assert self.why().startswith("sandbox 2026-03: USD ")
        assert "was closed, the ledger makes" in self.why()

    def test_names_an_entry_that_came_in_by_force(self) -> None:
        booked_on(make_available(10), noon(date(2026, 3, 9)))
        assert self.why() == "sandbox 2026-03: entries: 2 were closed, the ledger has 3"

    def test_names_a_seal_that_is_another(self) -> None:
        facts = MonthClose.objects.get(month=APRIL).facts
        self.forge(APRIL, sealed=facts["sealed"] | {"hash": "0" * 64})
        assert "the seal of 2026-04-30" in self.why()

    def test_by_the_command(self) -> None:
        out = io.StringIO()
        call_command("ledger", "verify", stdout=out)
        assert "2 closed months are what was closed" in out.getvalue()
        self.forge(APRIL, entries=7)
        with pytest.raises(CommandError, match="2026-04: entries"):
            call_command("ledger", "verify", stdout=io.StringIO())

    def test_every_night_tells_what_is_wrong(self) -> None:
        self.forge(APRIL, entries=7)
        watch.check_nightly()
        assert BookCheck.objects.get(name="closed months").breaks == 1


class TestReminding:
    def test_tells_finance_once_when_three_days_have_passed(self, books) -> None:
        fay = cast.fay()
        with time_machine.travel(datetime(2026, 5, 3, 23, tzinfo=UTC), tick=False):
            act.close(MARCH, by=fay)
            reminding.remind()
            assert not Notice.objects.of(fay).exists()
        with time_machine.travel(datetime(2026, 5, 4, 1, tzinfo=UTC), tick=False):
            reminding.remind()
            reminding.remind()
        (notice,) = Notice.objects.of(fay)
        assert notice.kind == "payments/month_waits"
        assert "April 2026" in json.dumps(notice.words)


def test_the_months_of_the_books(books) -> None:
    with time_machine.travel(noon(date(2026, 5, 10)), tick=False):
        act_close = months.standings(BOOK)
        assert [one.month for one in act_close] == [MAY, APRIL, MARCH]
        assert [one.is_next for one in act_close] == [False, False, True]
        assert months.waiting(BOOK) == [MARCH, APRIL]
        for year, number in ((2026, 2), (2026, 6), (2026, 13), (1999, 1)):
            with pytest.raises(months.NoSuchMonth):
                months.named(BOOK, year, number)
