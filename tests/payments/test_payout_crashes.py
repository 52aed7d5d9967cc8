"""SIGKILL at every named place of a payout's way, judged by the provider's own record of what it sent."""

import secrets
from collections.abc import Callable

import pytest

from marketplace.lib import failpoints, work
from payments import invariants, payout_batches, payouts, releases, transfers
from payments.gateway import gateway
from payments.models import AccountKind, Payout, PayoutRun
from payments.sandbox import oracle
from tests.payments.books import stands
from tests.payments.crash import dies_at
from tests.payments.sales import carry_out_runs, creator_named, pass_hold, ready_account, sell, submit_all

pytestmark = pytest.mark.django_db(transaction=True)

RUN_PLACES = ["release.before_commit", "payout.before_hold_commit", "payout.after_hold_commit"]
SUBMIT_PLACES = [
    "payout.submitting",
    "payout.before_call",
    "payout.after_call",
    "payout.before_sent_commit",
    "payout.after_sent_commit",
]


@pytest.fixture
def batches_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payout_batches, "BATCH", 1)


def somebody_waits() -> None:
    ada = creator_named("Ada")
    sell(ada)
    sell(creator_named("Funder"))
    ready_account(ada)
    pass_hold()


def submit_first(do: Callable[[Payout], None] = transfers.submit) -> None:
    work.run(Payout, Payout.objects.values_list("pk", flat=True)[0], do)


def leases_end() -> None:
    """What time does: a dead worker's lease is over."""
    Payout.objects.update(lease_until=None)


def sent_once_and_all_holds() -> bool:
    return list(oracle.transfers().values()) == [1500] and not any(invariants.breaks(ask_provider=True).values())


@pytest.mark.parametrize("place", RUN_PLACES)
def test_a_run_that_dies_is_completed_by_the_next_one(place: str) -> None:
    somebody_waits()
    assert dies_at(place, lambda: payouts.run(None))
    payouts.run(None)
    submit_all()
    assert sent_once_and_all_holds()


@pytest.mark.parametrize("place", SUBMIT_PLACES)
def test_a_worker_that_dies_sends_nothing_twice_and_loses_nothing(place: str) -> None:
    somebody_waits()
    payouts.run(None)
    assert dies_at(place, submit_first)
    leases_end()
    payouts.run(None)  # whoever runs meanwhile finds nothing more to pay
    submit_all()
    assert sent_once_and_all_holds()
    assert Payout.objects.get().state == "sent"
    assert stands(AccountKind.PAYOUT_IN_TRANSIT, Payout.objects.get().creator_id) == 0


def test_a_release_that_dies_is_done_by_the_next_one() -> None:
    somebody_waits()
    assert dies_at("release.before_commit", releases.release_due)
    assert releases.release_due() == 2
    assert not any(invariants.breaks(ask_provider=True).values())


def test_a_worker_with_a_new_key_each_time_would_send_twice() -> None:
    """The negative control: the same death, and a worker that neither looks up nor keeps its key."""

    def careless(payout: Payout) -> None:
        gateway().create_transfer(
            payout.amount, payout.destination, payout.transfer_group, secrets.token_hex(), {"payout": str(payout.pk)}
        )
        failpoints.reach("payout.after_call")

    somebody_waits()
    sell(creator_named("Funder"))
    payouts.run(None)
    assert dies_at("payout.after_call", lambda: submit_first(careless))
    leases_end()
    submit_first(careless)
    assert list(oracle.transfers().values()) == [3000]


def test_a_run_that_died_between_batches_goes_on_where_it_was(batches_of_one: None) -> None:
    for name in ("Ada", "Bea", "Cleo"):
        sell(creator_named(name))
        ready_account(creator_named(name))
    pass_hold()
    assert dies_at("payout.after_hold_commit", lambda: payouts.run(None))
    run = PayoutRun.objects.get()
    assert (run.found_count, run.paid_count, run.is_under_way) == (3, 1, True)
    PayoutRun.objects.update(lease_until=None)
    carry_out_runs()
    run.refresh_from_db()
    assert (run.paid_count, run.is_under_way) == (3, False)
    submit_all()
    assert sorted(oracle.transfers().values()) == [1500, 1500, 1500]
    assert not any(invariants.breaks(ask_provider=True).values())
