"""Named prices and several at once: an order is at one amount, whole; without its constraint a cart has several."""

import pytest

from accounts.models import User
from payments import carts, checkout
from payments.models import CartItem, Order
from tests.faults.meeting import wait_for_somebody_inside
from tests.faults.taken_away import constraint, meeting, taken_away
from tests.payments import shop
from tests.payments.crowd import at_once
from tests.payments.named import fresh, named_course, start, usd

pytestmark = pytest.mark.django_db(transaction=True)
ONCE_A_CART = constraint("payments_cartitem", "a_course_once_a_cart")


def test_a_least_that_rises_while_she_pays_leaves_the_order_at_what_she_named(ada: User, lin: User) -> None:
    course = named_course()
    with taken_away(meeting("payments_order")):

        def act(n: int) -> object:
            if n:
                wait_for_somebody_inside()
                return fresh(course).set_price(usd(1500), by=ada, suggested=usd(2000))
            return start(lin, course, 1200, expected=usd(1200))

        at_once(act, 2)
        order = Order.objects.get()
        shop.pay(order)
        checkout.settle(order)
        order.refresh_from_db()
        item = order.items.get()
        assert fresh(course).price == usd(1500)
        assert (order.state, order.flagged_at) == ("paid", None)
        assert order.total_minor == item.list_minor == item.price_minor == 1200
        assert item.platform_minor + item.creator_minor == 1200


def test_many_tabs_that_name_the_same_have_one_order(lin: User) -> None:
    course = named_course()
    orders = at_once(lambda _n: start(lin, course, 1200), 6)
    assert len({order.pk for order in orders}) == 1


def test_tabs_that_name_different_amounts_are_each_at_their_own(lin: User) -> None:
    course = named_course()
    at_once(lambda n: start(lin, course, 1200 + n), 4)
    rows = Order.objects.values_list("total_minor", "items__list_minor", "items__price_minor")
    assert all(len(set(row)) == 1 for row in rows)
    last = start(lin, course, 1300)
    assert list(Order.objects.filter(state="pending")) == [last], "the one that she sees last"


def tabs(lin: User) -> list[int | None]:
    """Six tabs put the course in, each at its own amount; what the cart has."""
    course = named_course()
    at_once(lambda n: carts.put(lin, {}, fresh(course), usd(1000 + n)), 6)
    return list(CartItem.objects.filter(owner=lin).values_list("named_minor", flat=True))


def test_a_cart_has_one_amount_a_course(lin: User) -> None:
    (named,) = tabs(lin)
    assert named in range(1000, 1006)


def test_without_the_constraint_a_cart_has_several(lin: User) -> None:
    with taken_away(ONCE_A_CART, meeting("payments_cartitem")):
        assert len(tabs(lin)) > 1
