"""The chain of days: what it holds, that nothing slips between two seals, and that every later change is named."""

import io
from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from payments import ledger
from payments.models import EntryKind, LedgerEntry, LedgerSeal
from payments.proof import canonical, seals
from tests.payments.books import BOOK, CLEARING, REVENUE, make_available, pending, sale, usd
from tests.payments.test_invariants import break_in

pytestmark = pytest.mark.django_db


def today() -> date:
    """Asked anew each time: a run of all tests may pass midnight."""
    return timezone.now().astimezone(UTC).date()


def on(day: date, key: str) -> LedgerEntry:
    """An entry as it would have been written at noon of that day."""
    entry = sale(key)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    break_in(f"UPDATE payments_ledgerentry SET created_at = '{noon.isoformat()}' WHERE id = {entry.pk}")
    return entry


@pytest.fixture
def three_days() -> list[LedgerSeal]:
    """Two entries, none, one; sealed."""
    first = today() - timedelta(days=3)
    on(first, "sale:1")
    on(first, "sale:2")
    on(first + timedelta(days=2), "sale:3")
    return seals.seal_closed_days(BOOK)


class TestSealing:
    def test_gives_each_day_that_is_over_one_seal_that_follows_the_last(self, three_days) -> None:
        assert [seal.entries for seal in three_days] == [2, 0, 1]
        assert three_days[0].previous == canonical.START
        assert [seal.previous for seal in three_days[1:]] == [seal.hash for seal in three_days[:-1]]
        assert three_days[1].root == canonical.EMPTY_ROOT

    def test_again_changes_nothing(self, three_days) -> None:
        assert seals.seal_closed_days(BOOK) == []
        assert LedgerSeal.objects.count() == 3

    def test_leaves_the_day_that_is_not_over_alone(self) -> None:
        sale("sale:1")
        assert seals.seal_closed_days(BOOK) == []

    def test_of_a_day_that_is_not_over_leaves_its_rest_to_the_next(self) -> None:
        sale("sale:1")
        (first,) = seals.seal_closed_days(BOOK, through=today())
        sale("sale:2")
        (second,) = seals.seal_closed_days(BOOK, through=today() + timedelta(days=1))
        assert (first.entries, second.entries) == (1, 1)
        assert seals.verify(BOOK).wrong is None

    def test_without_entries_seals_nothing(self) -> None:
        assert seals.seal_closed_days(BOOK) == []

    def test_keeps_the_books_apart(self) -> None:
        sale("sale:1")
        ledger.post("sale:live", EntryKind.SALE, [(CLEARING, usd(5)), (REVENUE, usd(-5))], book="live")
        (seal,) = seals.seal_closed_days("live", through=today())
        assert (seal.book, seal.entries) == ("live", 1)
        assert seals.verify("live").wrong is None

    def test_an_entry_with_its_reversal_is_sealed_as_both(self) -> None:
        ledger.reverse(make_available(100), "undo")
        (seal,) = seals.seal_closed_days(BOOK, through=today())
        assert seal.entries == 2
        assert seals.verify(BOOK).wrong is None


class TestVerifying:
    @pytest.mark.parametrize(
        ("change", "names"),
        [
            ("UPDATE payments_ledgerposting SET amount_minor = amount_minor + 1 WHERE entry_id = {0}", 0),
            ("UPDATE payments_ledgerposting SET account_id = (SELECT max(id) FROM payments_ledgeraccount)"
             " WHERE id = (SELECT min(id) FROM payments_ledgerposting WHERE entry_id = {1})", 1),
            ("DELETE FROM payments_ledgerposting WHERE entry_id = {2}", 2),
            ("UPDATE payments_ledgerentry SET kind = 'fee' WHERE id = {1}", 1),
            ("UPDATE payments_ledgerentry SET meta = '{{\"order\": \"K2\"}}' WHERE id = {2}", 2),
            ("UPDATE payments_ledgerentry SET occurred_at = occurred_at - interval '1 us' WHERE id = {0}", 0),
            ("UPDATE payments_ledgerentry SET idem_key = 'sale:9' WHERE id = {0}", 0),
            ("UPDATE payments_ledgerentry SET payload_hash = repeat('0', 64) WHERE id = {2}", 2),
        ],
    )  # fmt: skip
    def test_names_the_entry_that_was_changed(self, three_days, change, names) -> None:
        ids = list(LedgerEntry.objects.order_by("pk").values_list("pk", flat=True))
        break_in(change.format(*ids))
        wrong = seals.verify(BOOK).wrong
        assert wrong is not None
        assert wrong.entry_id == ids[names]

    def test_names_an_entry_that_is_gone(self, three_days) -> None:
        gone = LedgerEntry.objects.get(idem_key="sale:2").pk
        break_in(f"DELETE FROM payments_ledgerposting WHERE entry_id = {gone}")
        break_in(f"DELETE FROM payments_ledgerentry WHERE id = {gone}")
        wrong = seals.verify(BOOK).wrong
        assert (wrong.entry_id, wrong.why) == (gone, "it is gone")

    def test_names_an_entry_that_was_slipped_in(self, three_days) -> None:
        late = sale("sale:late")
        newest = LedgerSeal.objects.newest(BOOK)
        break_in(f"UPDATE payments_ledgerseal SET last_id = {late.pk} WHERE id = {newest.pk}")
        assert "its hash is" in str(seals.verify(BOOK).wrong)
        made = canonical.seal_hash(
            BOOK, newest.day.isoformat(), newest.entries, newest.first_id, late.pk, newest.root, newest.previous,
            newest.accounts,
        )  # fmt: skip
        break_in(f"UPDATE payments_ledgerseal SET hash = '{made}' WHERE id = {newest.pk}")
        wrong = seals.verify(BOOK).wrong
        assert (wrong.entry_id, "written into a sealed day" in wrong.why) == (late.pk, True)

    def test_names_a_day_that_is_missing(self, three_days) -> None:
        break_in(f"DELETE FROM payments_ledgersealleaves WHERE seal_id = {three_days[1].pk}")
        break_in(f"DELETE FROM payments_ledgerseal WHERE id = {three_days[1].pk}")
        wrong = seals.verify(BOOK).wrong
        assert (wrong.seal.day, wrong.why) == (three_days[2].day, "it does not follow the seal before it")

    def test_a_list_of_hashes_made_to_fit_does_not_fit_the_root(self, three_days) -> None:
        break_in(
            "UPDATE payments_ledgersealleaves SET rows = set_byte(rows, 9, 255 - get_byte(rows, 9)) WHERE rows <> ''"
        )
        assert "its list of entries was changed" in str(seals.verify(BOOK).wrong)

    def test_since_a_day_looks_at_the_chain_and_at_later_entries(self, three_days) -> None:
        result = seals.verify(BOOK, since=three_days[2].day)
        assert (result.seals, result.entries, result.wrong) == (3, 1, None)

    def test_the_command_says_how_much_and_fails_with_the_name(self, three_days) -> None:
        told = io.StringIO()
        call_command("ledger", "verify", stdout=told)
        assert "3 entries in 3 seals" in told.getvalue()
        break_in("UPDATE payments_ledgerentry SET kind = 'fee' WHERE idem_key = 'sale:2'")
        with pytest.raises(CommandError, match="sale:2 is not what was sealed"):
            call_command("ledger", "verify", stdout=told)

    @pytest.mark.parametrize("act", ["check", "seal", "verify"])
    def test_the_command_runs_as_from_a_shell(self, three_days, act) -> None:
        call_command("ledger", act, skip_checks=False, stdout=io.StringIO())

    def test_a_day_that_has_not_begun_is_not_sealed(self, three_days) -> None:
        with pytest.raises(CommandError, match="has not begun"):
            call_command("ledger", "seal", "--through", (today() + timedelta(days=1)).isoformat())

    def test_seals_are_records(self, three_days) -> None:
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            LedgerSeal.objects.update(entries=5)


@pytest.mark.django_db(transaction=True)
class TestAnEntryUnderWay:
    """One writer has its number and has not committed; a later number is committed. Then the day is sealed."""

    def under_way(self, wait_for_writers: bool) -> list[int]:
        """How many entries the seals hold, the day sealed while the writer writes and once more when it is done."""
        written, go_on = Event(), Event()

        def slow_writer() -> None:
            try:
                with transaction.atomic():
                    sale("sale:slow")
                    written.set()
                    go_on.wait(20)
            finally:
                connection.close()

        sale("sale:before")
        writer = Thread(target=slow_writer)
        writer.start()
        written.wait(20)
        # On accounts of its own, or it would wait for the slow one.
        ledger.post("sale:quick", EntryKind.SALE, [(CLEARING, usd(9)), (pending(77), usd(-9))], book=BOOK)
        try:
            if wait_for_writers:
                Thread(target=lambda: (Event().wait(0.3), go_on.set())).start()
                made = seals.seal_closed_days(BOOK, through=today())
            else:
                with unlocked():
                    made = seals.seal_closed_days(BOOK, through=today())
        finally:
            go_on.set()
            writer.join()
        made += seals.seal_closed_days(BOOK, through=today() + timedelta(days=1))
        return [seal.entries for seal in made]

    def test_is_waited_for_and_sealed(self) -> None:
        assert self.under_way(wait_for_writers=True) == [3, 0]
        assert seals.verify(BOOK).wrong is None

    def test_would_be_lost_between_two_seals_without_the_lock(self) -> None:
        assert sum(self.under_way(wait_for_writers=False)) == 2
        assert "written into a sealed day" in str(seals.verify(BOOK).wrong)

    def test_that_does_not_end_puts_the_seal_off(self) -> None:
        sale("sale:before")
        with transaction.atomic():
            sale("sale:slow")
            refused: list[type] = []

            def try_to_seal() -> None:
                try:
                    seals.seal_closed_days(BOOK, through=today())
                except seals.EntriesUnderWay as error:
                    refused.append(type(error))
                finally:
                    connection.close()

            sealer = Thread(target=try_to_seal)
            sealer.start()
            sealer.join()
        assert refused == [seals.EntriesUnderWay]
        assert not LedgerSeal.objects.exists()


def unlocked():
    """The control: LOCK TABLE locks nothing."""

    def pass_by(execute, sql, params, many, context):
        return execute("SELECT 1" if sql.startswith("LOCK TABLE") else sql, params, many, context)

    return connection.execute_wrapper(pass_by)
