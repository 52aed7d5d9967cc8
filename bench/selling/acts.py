"""Ways to take the payments of a list of orders: bare inserts, our own function one by one or together, the worker."""

from collections.abc import Callable, Iterator

from .bare import ALL_ROWS_TOGETHER
from .unpaid import Order

Act = Callable[[list[Order]], None]


def groups(part: list[Order], size: int) -> Iterator[list[Order]]:
    return (part[first : first + size] for first in range(0, len(part), size))


def sell(part: list[Order]) -> None:
    from payments import taking

    for order_pk, session, charge in part:
        taking.take(order_pk, session, charge)


def sell_together(together: int) -> Act:
    def act(part: list[Order]) -> None:
        from payments import taking

        for group in groups(part, together):
            taking.take_all([taking.Payment(*one) for one in group])

    return act


def insert(statement: str) -> Act:
    def act(part: list[Order]) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            for order_pk, _session, _charge in part:
                cursor.execute(statement, {"key": order_pk})

    return act


def insert_together(together: int) -> Act:
    def act(part: list[Order]) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            for group in groups(part, together):
                cursor.execute(ALL_ROWS_TOGETHER, {"keys": [order_pk for order_pk, _session, _charge in group]})

    return act


def worker(together: int) -> Act:
    """The worker rung for one event after the other; what it took along is done when its own bell comes."""

    def act(part: list[Order]) -> None:
        from payments import settling
        from payments.models import ProviderEvent

        settling.TOGETHER = together
        mine = ProviderEvent.objects.filter(object_id__in=[f"cs_{order_pk}" for order_pk, _session, _charge in part])
        for pk in list(mine.values_list("pk", flat=True)):
            settling.take_event(str(pk))

    return act


def nothing(_work: list[Order]) -> None:
    """There is nothing to prepare."""
