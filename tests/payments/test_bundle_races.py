"""Bundles and several at once: one offer, one row a price, one price an order. With the lock taken away, more."""

import pytest

from accounts.models import User
from marketplace.lib.money import Money
from payments.models import Bundle, Order
from payments.models.bundle import BundleAsItIs
from tests.faults.meeting import wait_for_somebody_inside
from tests.faults.taken_away import meeting, taken_away
from tests.payments.bundles import bundle_of, courses_at, fresh, start
from tests.payments.crowd import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def offer_twice(ada: User, *, without_locks: bool = False) -> tuple[int, list[object]]:
    """Her two tabs offer the same bundle; how many rows say so, and the answers."""
    bundle = bundle_of(courses_at(2000, 3000), 4000, offered=False)
    answers = at_once(lambda _n: Bundle.objects.get(pk=bundle.pk).offer(by=ada), 2, without_locks=without_locks)
    return bundle.offerings.count(), answers


def test_two_tabs_offer_it_once(ada: User) -> None:
    with taken_away(meeting("payments_bundleoffering")):
        rows, answers = offer_twice(ada)
        assert (rows, [type(answer) for answer in answers].count(BundleAsItIs)) == (1, 1)


def test_without_the_lock_two_tabs_offer_it_twice(ada: User) -> None:
    with taken_away(meeting("payments_bundleoffering")):
        assert offer_twice(ada, without_locks=True)[0] == 2


def test_a_price_that_changes_while_somebody_pays_is_the_old_one_or_the_new_one_whole(ada: User, lin: User) -> None:
    bundle = bundle_of(courses_at(2000, 3000), 4000)
    with taken_away(meeting("payments_order")):

        def act(n: int) -> object:
            if n:
                wait_for_somebody_inside()
                return Bundle.objects.get(pk=bundle.pk).set_price(Money(3500, "USD"), by=ada)
            return start(lin, bundle, expected=Money(4000, "USD"))

        at_once(act, 2)
        order = Order.objects.get()
        items = list(order.items.select_related("bundle_price"))
        # She was promised the price that she saw, and what was sold names the row of that price.
        assert fresh(bundle).price.minor == 3500
        assert order.total_minor == sum(item.list_minor for item in items) == 4000
        assert {item.bundle_price.price_minor for item in items} == {4000}


def test_a_buyer_with_many_tabs_has_one_order(ada: User, lin: User) -> None:
    bundle = bundle_of(courses_at(2000, 3000), 4000)
    orders = at_once(lambda _n: start(lin, bundle), 6)
    assert len({order.pk for order in orders}) == 1
