"""L3: events arrive faster than anybody works on them. All are acknowledged and kept; later all have had their effect.

The load is the real view over the real database, from several clients at once, while no worker runs; every event comes
more than once, as a provider sends it. How fast it went is told and not judged: that depends on the machine.
"""

from collections import Counter
from collections.abc import Callable
from time import perf_counter

import pytest
from django.test import Client

from learners.models import Enrollment
from payments import after_sale, settling
from payments.models import Order, ProviderEvent
from payments.sandbox import delivery, oracle
from payments.sandbox.models import SandboxEvent
from tests import cast
from tests.faults.rows import SEED, chance
from tests.faults.taken_away import EVENT_KEY, planted, taken_away
from tests.payments import shop
from tests.payments.crowd import at_once
from tests.payments.held import all_holds

pytestmark = pytest.mark.django_db(transaction=True)

# A table that takes rows and does not keep them.
LOST = planted("payments_providerevent", "RETURN NULL;")
BUYERS, COPIES, CLIENTS, WORKERS = 50, 4, 8, 3


def events_of(buyers: int) -> list[SandboxEvent]:
    """What the provider has to tell when so many have paid."""
    courses = shop.two_courses()
    for n in range(buyers):
        shop.pay(shop.start(cast.person(f"Buyer{n}"), courses))
    return list(SandboxEvent.objects.all())


def delivered(events: list[SandboxEvent], copies: int) -> tuple[Counter[int], list[float], float]:
    """Each event `copies` times, shuffled, by several clients at once: answers, seconds of each, seconds of all."""
    sent = [delivery.signed(event) for event in events] * copies
    chance(SEED).shuffle(sent)
    took: list[float] = []
    answers: list[int] = []

    def one_client(n: int) -> None:
        client = Client(raise_request_exception=False)
        for body, headers in sent[n::CLIENTS]:
            began = perf_counter()
            answers.append(shop.post_event(client, body, headers))
            took.append(perf_counter() - began)

    began = perf_counter()
    at_once(one_client, CLIENTS)
    return Counter(answers), sorted(took), perf_counter() - began


def work_off_the_backlog() -> None:
    """What workers do whose bells were all lost: they look for what is due, several at once."""

    def one_worker(_n: int) -> None:
        while due := list(ProviderEvent.due_work().order_by("due_at").values_list("pk", flat=True)[:20]):
            for pk in due:
                settling.take_event(pk)

    at_once(one_worker, WORKERS)
    after_sale.catch_up()


def test_a_flood_of_events_is_acknowledged_while_nobody_works_and_worked_off_later(
    record_property: Callable[[str, object], None],
) -> None:
    events = events_of(BUYERS)
    answers, took, seconds = delivered(events, COPIES)
    assert answers == {200: len(events) * COPIES}
    assert set(ProviderEvent.objects.values_list("event_id", flat=True)) == {event.pk for event in events}
    assert ProviderEvent.open_work().count() == len(events)
    assert not Order.objects.exclude(state="pending").exists()

    began = perf_counter()
    work_off_the_backlog()
    record_property(
        "fault",
        f"L3: {len(took)} deliveries of {len(events)} events, {len(took) / seconds:.0f} acknowledged/s, "
        f"p99 {1000 * took[len(took) * 99 // 100]:.0f} ms; worked off in {perf_counter() - began:.1f} s",
    )
    assert not ProviderEvent.objects.filter(finished_at=None).exists()
    assert Order.objects.filter(state="paid").count() == BUYERS
    assert Enrollment.objects.active().count() == 2 * BUYERS
    assert sum(oracle.charges().values()) == 4999 * BUYERS
    assert all_holds()


def test_without_an_events_own_key_the_same_flood_is_not_kept_once_each() -> None:
    events = events_of(1)
    with taken_away(EVENT_KEY):
        delivered(events, 2)
        assert ProviderEvent.objects.count() > len(events)


def test_an_event_that_is_not_kept_is_not_acknowledged() -> None:
    """The other control: 200 is said for the row and for nothing else."""
    events = events_of(1)
    with taken_away(LOST):
        answers, _took, _seconds = delivered(events, 1)
        assert 200 not in answers
