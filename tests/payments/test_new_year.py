"""Invoices across New Year: each year has its own numbers without gaps, however many are issued around midnight."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from marketplace.lib.errors import DomainError
from payments import invoice_snapshots
from payments.documents import invoice as paper
from payments.models import Billing, Invoice, InvoiceSeries, Order
from tests import cast
from tests.faults.taken_away import lingering, taken_away
from tests.payments.crowd import at_once
from tests.payments.sales import creator_named, sell

pytestmark = pytest.mark.django_db(transaction=True)
MIDNIGHT = datetime(2027, 1, 1, tzinfo=UTC)
BEFORE, AFTER = MIDNIGHT - timedelta(microseconds=1), MIDNIGHT
IN_SHANGHAI = datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))


class Undone(DomainError):
    """Something else fails after the number was taken."""

    code = "undone"


def sold(count: int) -> list[Order]:
    return [sell(creator_named("Ada"), buyer=cast.person(f"Buyer{n}")) for n in range(count)]


def issue(order: Order, at: datetime) -> Invoice:
    snapshot = invoice_snapshots.of_order(order, order.items.select_related("creator", "order"), Billing())
    return Invoice.objects.issue(order, snapshot, at=at)


def printed_year(invoice: Invoice) -> str:
    told: dict[str, Any] = paper.sheet(invoice.snapshot, invoice.number, invoice.issued_at, "zh-hans")
    return str(told["facts"][0][1])[:4]


def numbers() -> list[str]:
    return sorted(number.removeprefix("TEST-") for number in Invoice.objects.values_list("number", flat=True))


def crowd(orders: list[Order], take: Callable[[Order, datetime], Invoice]) -> list[Any]:
    """Half of them before midnight, half after it; of every four the third is undone. All at once."""

    def one(n: int) -> Any:
        with transaction.atomic():
            invoice = take(orders[n], AFTER if n % 2 else BEFORE)
            if n % 4 == 2:
                raise Undone
            return invoice.number

    return at_once(one, len(orders))


def test_a_crowd_around_midnight_fills_both_years_without_a_gap() -> None:
    orders = sold(8)
    with_numbers = crowd(orders, issue)
    assert sum(isinstance(one, Undone) for one in with_numbers) == 2
    for n in (2, 6):  # the worker is rung again
        issue(orders[n], BEFORE)
    assert numbers() == [f"{year}-{n:06d}" for year in (2026, 2027) for n in (1, 2, 3, 4)]
    for invoice in Invoice.objects.all():
        assert invoice.number.removeprefix("TEST-")[:4] == printed_year(invoice) == str(invoice.issued_at.year)


def test_who_issues_in_the_new_year_does_not_wait_for_the_old_one() -> None:
    """The old year's last one still stands before its commit; the new year's first takes its number meanwhile."""
    first, second = sold(2)
    with transaction.atomic():
        issue(first, BEFORE)
        in_the_new_year = at_once(lambda _n: issue(second, AFTER).number, 1)
        assert in_the_new_year == ["TEST-2027-000001"]
    assert numbers() == ["2026-000001", "2027-000001"]


def test_numbers_by_counting_are_drawn_twice_by_the_same_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: a number without the series' row."""

    def by_counting(_series: Any, book: str, at: datetime, kind: str = "") -> str:
        return f"TEST-{at.year}-{Invoice.objects.filter(number__contains=f'{at.year}-').count() + 1:06d}"

    monkeypatch.setattr(type(InvoiceSeries.objects), "next_number", by_counting)

    def taken_twice(order: Order, at: datetime) -> Invoice:
        try:
            return issue(order, at)
        except IntegrityError:
            raise Undone from None

    orders = sold(8)
    with taken_away(lingering("payments_invoice")):
        drawn = [one for one in crowd(orders, taken_twice) if not isinstance(one, Undone)]
        assert len(drawn) < 6, "two had counted alike"


def test_the_zone_that_rules_is_utc_and_not_the_companys() -> None:
    order, other = sold(2)
    invoice = issue(order, IN_SHANGHAI.astimezone(UTC))  # it is New Year there, and 16:00 on 31 December in UTC
    assert (invoice.number, printed_year(invoice)) == ("TEST-2026-000001", "2026")
    assert issue(other, IN_SHANGHAI.astimezone(UTC) + timedelta(hours=8)).number == "TEST-2027-000001"
