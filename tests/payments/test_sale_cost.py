"""What a sale costs the database: few statements, one commit, whatever is in it. Source: performance.md, goal 13."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments import taking
from payments.gateway import gateway
from payments.models import Order
from tests import cast
from tests.courses.factories import make_course
from tests.payments import shop
from tests.payments.waiting import buyers_pay, payments_of

pytestmark = pytest.mark.django_db(transaction=True)


def statements_of_taking(order: Order) -> list[str]:
    shop.pay(order)
    session = gateway().retrieve_session(order.checkout_session_id)
    assert session.charge is not None
    with CaptureQueriesContext(
        connection,
    ) as captured:
        taking.take(order.pk, session, session.charge)
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("courses", [1, 5])
def test_taking_money_is_four_statements_and_one_commit(courses: int) -> None:
    warm = shop.buy(cast.cole(), [make_course(title=f"Warm {n}", lessons=1) for n in range(2)])
    assert warm.is_paid
    order = shop.start(cast.lin(), [make_course(title=f"Course {n}", lessons=1) for n in range(courses)])
    said = statements_of_taking(order)
    frame = ("BEGIN", "COMMIT")
    assert [sql for sql in said if sql in frame] == ["BEGIN", "COMMIT"]
    assert len([sql for sql in said if sql not in frame]) <= 4, "\n".join(said)
    assert Order.objects.get(pk=order.pk).is_paid


def test_a_batch_is_as_few_statements_and_commits_as_one_sale() -> None:
    courses = [make_course(title=f"Course {n}", lessons=1) for n in range(2)]
    assert shop.buy(cast.cole(), courses).is_paid
    payments = payments_of(buyers_pay(8, courses))
    with CaptureQueriesContext(connection) as captured:
        orders = taking.take_all(payments)
    said = [query["sql"] for query in captured.captured_queries]
    assert [sql for sql in said if sql in ("BEGIN", "COMMIT")] == ["BEGIN", "COMMIT"]
    assert len(said) <= 6, "\n".join(said)
    assert {order.state for order in orders} == {"paid"}


@pytest.mark.parametrize(
    "function", ["ledger_post", "ledger_posting_belongs", "ledger_balance_kept", "order_sold", "orders_mark_paid"]
)
def test_the_functions_of_a_sale_look_up_by_index_while_tables_are_small(function: str) -> None:
    """A connection keeps their plans: one made over a small table would read all of it when it is large."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT proconfig FROM pg_proc WHERE proname = %s", [function])
        versions = cursor.fetchall()
    assert versions
    for (settings,) in versions:
        assert {"enable_seqscan=off", "enable_hashjoin=off", "enable_mergejoin=off"} <= set(settings)
