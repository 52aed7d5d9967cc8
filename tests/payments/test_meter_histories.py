"""Product X4 by number: in a thousand random histories the meter shows what is reckoned by hand and what is decided.

Each history is taken back as a transaction of its own, so that a thousand of them stay quick.
"""

import random
from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from learners import watched
from learners.models import Enrollment
from marketplace.lib import clock
from marketplace.lib.money import CURRENCIES, Money
from payments import meter
from payments.models import OrderItem, RefundRule
from tests import cast
from tests.courses.factories import make_course
from tests.payments import shop
from tests.payments.test_meter import bought_ago, seen, take

pytestmark = pytest.mark.django_db(transaction=True)
HISTORIES, SEED = 1_000, 20_261_123
# Pages and the API ask the same function as this test: looked at in each so many-th history.
PAGES_EACH = 10


def by_hand(rule: RefundRule, price: Money, age: timedelta, seconds: int, length: int, completed: bool) -> Money:
    """The rule as a lawyer would say it, in fractions."""
    share, day = Fraction(seconds, length), timedelta(days=1)
    if completed or age > rule.part_days * day or share > Fraction(rule.part_bps, 10_000):
        return Money.zero(price.currency)
    if age <= rule.whole_days * day and share <= Fraction(rule.whole_bps, 10_000):
        return price
    step = CURRENCIES[price.currency].charge_multiple
    return Money(int(price.minor * (1 - share) / step) * step, price.currency)


@pytest.fixture
def lin() -> User:
    return cast.lin()


@pytest.fixture
def bought(lin: User) -> list[OrderItem]:
    prices = [Money(2000, "USD"), Money(1999, "JPY"), Money(12340, "KWD"), Money(59900, "TWD"), Money(9999, "CNY")]
    courses = [make_course(title=f"In {p.currency}", price=p, lessons=n + 1) for n, p in enumerate(prices)]
    return [shop.buy(lin, [course]).items.get() for course in courses]


def shown_everywhere(client: Client, item: OrderItem) -> Money:
    """What the API says and, in the same words, the meter that pages show."""
    at = [item.order.number, item.pk]
    told = client.get(reverse("api-item-meter", args=at)).json()
    amount = Money(int(told["amount"]["minor"]), told["amount"]["currency"])
    page = client.get(reverse("payments:refund_meter", args=at)).content.decode()
    assert (amount.format() in page) if amount else ("Nothing comes back now." in page)
    return amount


def test_what_the_meter_shows_is_what_is_decided_in_a_thousand_random_histories(lin, bought) -> None:
    chosen, client = random.Random(SEED), Client()
    client.force_login(lin)
    items = {item.pk: OrderItem.objects.of_buyer(lin).get(pk=item.pk) for item in bought}
    kinds = dict.fromkeys(["whole", "part", "none"], 0)
    for history in range(HISTORIES):
        item = items[chosen.choice(list(items))]
        length = item.course.duration_s
        seconds = chosen.choice(
            [0, chosen.randint(0, length), length * 3 // 10, length * 6 // 10 + chosen.randint(0, 1)]
        )
        age, completed = timedelta(minutes=chosen.randint(0, 33 * 1440)), chosen.random() < 0.05
        with transaction.atomic():
            bought_ago(item, minutes=age.total_seconds() / 60)
            seen(item, seconds)
            if completed:
                Enrollment.objects.filter(learner=lin, course=item.course).update(completed_at=clock.now())
            shown = meter.of(item).offer.amount
            if history % PAGES_EACH == 0:
                assert shown_everywhere(client, item) == shown
            kinds[decided(item, shown, age, seconds, completed)] += 1
            transaction.set_rollback(True)
    assert min(kinds.values()) > HISTORIES // 10, kinds


def decided(item: OrderItem, shown: Money, age: timedelta, seconds: int, completed: bool) -> str:
    """One history: shown, reckoned by hand and decided are the same. The kind of what was decided."""
    length = watched.of(item.buyer, item.course).length_s
    assert shown == by_hand(
        item.order.refund_rule, item.price, age + timedelta(milliseconds=1), seconds, length, completed
    )
    if not shown:
        with pytest.raises(meter.NothingOffered):
            take(item, item.price)
        return "none"
    refund = take(item, shown)
    assert refund.amount == shown
    assert refund.lines.get().item == item
    return refund.reading.kind
