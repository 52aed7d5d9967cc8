"""The checks of invoices and credit notes: sound papers pass, and whatever is planted in them is found and named."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from marketplace.lib import clock
from payments import after_sale, invoices, paper_checks, releases, watch
from payments.models import AfterRefund, AfterSale, BookCheck, CreditNote, Invoice, InvoiceSeries, Order
from tests.faults.taken_away import constraint, take_away
from tests.payments import by_hand, sales, shop, statements
from tests.payments.test_invariants import break_in

pytestmark = pytest.mark.django_db


def found() -> list[str]:
    """What is found of new papers; of all there are, the same."""
    new, every = list(paper_checks.new_ones()), list(paper_checks.all_of_them())
    assert new == every
    return new


def papered() -> None:
    """The workers have come by."""
    after_sale.catch_up()
    invoices.catch_up()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing is left to be checked before tables are broken
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def sold() -> Order:
    """A taxed sale of which a part went back, and another sale."""
    ada = sales.creator_named("Ada")
    order = sales.sell(ada, tax_bps=700)
    sales.give_back(order, order.items.get(), amount=500, ends_access=False)
    sales.sell(ada)
    papered()
    return order


class TestSoundPapers:
    def test_are_found_to_be_sound_however_money_came_and_went(self, sold: Order, lin, fay) -> None:
        """Taxed, free for its buyer, by hand, of two creators, given back in parts and by a bank."""
        ada, bea = sales.creator_named("Bea"), sales.creator_named("Cora")
        sales.sell(ada, discount=sales.PRICE, bearer="platform")
        two = sales.sell(ada, bea, tax_bps=1900, is_tax_inclusive=False)
        for n, minor in enumerate((333, 77)):
            sales.give_back(two, two.items.first(), amount=minor, provider_refund_id=f"re_part_{n}", ends_access=False)
        statements.lose_at_the_bank(two)
        by_hand.come_in(by_hand.wait_for(lin, shop.two_courses(), by_hand.way_for()))
        sales.pass_hold()
        releases.release_due()
        late = sales.sell(ada)
        sales.give_back(late, late.items.get(), provider_refund_id="re_late")
        papered()
        assert (Invoice.objects.count(), CreditNote.objects.count()) == (6, 5)
        assert list(paper_checks.all_of_them()) == list(paper_checks.new_ones()) == []

    def test_may_wait_for_their_worker_for_an_hour(self) -> None:
        order = sales.sell(sales.creator_named("Ada"))
        assert found() == []
        AfterSale.objects.update(due_at=timezone.now() - timedelta(minutes=61))
        assert found() == [f"order {order.number} is paid and has no invoice"]
        AfterSale.objects.update(due_at=timezone.now() + timedelta(minutes=5), attempts=3)  # it is being tried
        assert found() == []
        AfterSale.objects.update(dead_at=timezone.now())
        assert len(found()) == 1

    def test_of_a_clock_that_was_moved_are_not_late(self) -> None:
        sales.sell(sales.creator_named("Ada"))
        clock.advance(timedelta(days=2))
        assert found() == []


@pytest.mark.parametrize(("nth", "tables"), [(0, ("order", "invoice")), (1, ("refund", "creditnote"))])
def test_what_is_new_is_read_from_its_entries_by_indexes(sold: Order, nth: int, tables: tuple[str, str]) -> None:
    """However many there are of before: no order and no paper is read but by the name that an entry says."""
    with connection.cursor() as cursor:
        names = [f"payments_{table}" for table in tables]
        cursor.execute("UPDATE pg_class SET reltuples = 1e6, relpages = 1 WHERE relname = ANY(%s)", [names])
        asked = {"since": clock.now() - paper_checks.NEW, "most": paper_checks.LAST}
        cursor.execute("EXPLAIN (FORMAT JSON) " + paper_checks.new_queries()[nth], asked)
        (plan,) = cursor.fetchone()[0]
    scans = [node for node in nodes(plan["Plan"]) if node.get("Relation Name") in names]
    assert len(scans) == 2
    assert all("Index Cond" in node for node in scans), scans


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


@pytest.mark.usefixtures("sold")
class TestFound:
    def test_is_an_invoice_that_is_not_there(self, sold: Order) -> None:
        number = sold.invoice.number
        break_in(f"UPDATE payments_creditnote SET invoice_id = {Invoice.objects.last().pk}")
        break_in(f"DELETE FROM payments_invoice WHERE id = {sold.invoice.pk}")
        assert found() == [
            f"order {sold.number} is paid and has no invoice", f"number {number} was given out, and no paper has it"
        ]  # fmt: skip

    def test_is_a_credit_note_that_is_not_there(self, sold: Order) -> None:
        note = CreditNote.objects.get()
        break_in("DELETE FROM payments_creditnote")
        assert found() == [
            f"refund {note.refund_id} is done and has no credit note",
            f"number {note.number} was given out, and no paper has it",
        ]
        AfterRefund.objects.update(finished_at=None, due_at=timezone.now())
        assert len(found()) == 1  # its worker may come; but its number is gone

    @pytest.mark.parametrize(("name", "says"), [("total", "1999 with a tax of 131"), ("tax", "2000 with a tax of 130")])
    def test_is_an_invoice_that_says_another_amount_than_was_booked(self, sold: Order, name: str, says: str) -> None:
        amount = sold.invoice.snapshot[name] - 1
        break_in(
            f"UPDATE payments_invoice SET snapshot = jsonb_set(snapshot, '{{{name}}}', '{amount}')"
            f" WHERE id = {sold.invoice.pk}"
        )
        assert found() == [f"invoice {sold.invoice.number} says {says}, booked are 2000 with 131"]

    @pytest.mark.parametrize("name", ["total", "tax"])
    def test_is_a_credit_note_that_says_another_amount_than_was_booked(self, name: str) -> None:
        note = CreditNote.objects.get()
        wrong = {**note.snapshot, name: note.snapshot[name] + 1}
        break_in(f"UPDATE payments_creditnote SET snapshot = jsonb_set(snapshot, '{{{name}}}', '{wrong[name]}')")
        says = f"{wrong['total']} with a tax of {wrong['tax']}"
        assert found() == [f"credit note {note.number} says {says}, booked are 500 with {note.snapshot['tax']}"]

    def test_is_a_sale_that_was_booked_with_another_tax_than_its_invoice_says(self, sold: Order) -> None:
        break_in(
            "UPDATE payments_ledgerposting SET amount_minor = amount_minor - 9 WHERE account_id = (SELECT id FROM"
            " payments_ledgeraccount WHERE kind = 'tax_payable') AND amount_minor < 0"
        )
        assert found() == [f"invoice {sold.invoice.number} says 2000 with a tax of 131, booked are 2000 with 140"]

    def test_is_a_number_that_nobody_got(self) -> None:
        InvoiceSeries.objects.filter(kind="invoice").update(last=4)
        year = timezone.now().year
        assert found() == [f"number TEST-{year}-00000{n} was given out, and no paper has it" for n in (3, 4)]

    def test_is_a_paper_whose_number_was_never_given_out(self) -> None:
        InvoiceSeries.objects.filter(kind="invoice").update(last=1)
        assert found() == [f"number {Invoice.objects.last().number} is of no series, or twice"]

    def test_is_a_number_of_another_kind(self) -> None:
        number = CreditNote.objects.get().number
        break_in(f"UPDATE payments_creditnote SET number = '{number.replace('CN-', 'CN')}'")
        assert [sentence.split(" ", 2)[2] for sentence in found()] == [
            "was given out, and no paper has it", "is of no series, or twice"
        ]  # fmt: skip

    def test_is_a_number_that_two_have(self) -> None:
        take_away(constraint("payments_invoice", "payments_invoice_number_key"))
        first, second = Invoice.objects.order_by("pk").values_list("number", flat=True)
        break_in(f"UPDATE payments_invoice SET number = '{first}'")
        assert found() == [
            f"number {second} was given out, and no paper has it", f"number {first} is of no series, or twice"
        ]  # fmt: skip

    def test_is_what_is_of_nothing_by_the_night(self, sold: Order) -> None:
        break_in("UPDATE payments_refund SET state = 'failed'")
        assert list(paper_checks.all_of_them()) == [
            f"credit note {CreditNote.objects.get().number} is of a refund that is not done"
        ]

    def test_is_what_is_old_by_the_night(self, sold: Order) -> None:
        clock.advance(paper_checks.NEW + timedelta(days=1))
        break_in("UPDATE payments_invoice SET snapshot = jsonb_set(snapshot, '{total}', '1')")
        assert list(paper_checks.new_ones()) == []
        assert len(list(paper_checks.all_of_them())) == 2

    def test_is_kept_for_finance_by_hour_and_by_night(self, sold: Order) -> None:
        break_in("UPDATE payments_invoice SET snapshot = jsonb_set(snapshot, '{total}', '1')")
        assert len(watch.check_hourly()["papers"]) == len(watch.check_nightly()["all papers"]) == 2
        assert set(BookCheck.objects.filter(breaks=2).values_list("name", flat=True)) == {"papers", "all papers"}
