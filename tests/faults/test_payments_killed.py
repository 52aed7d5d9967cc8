"""K1 with the processes that there really are: Celery's workers of payments and a web process of gunicorn, killed at
named places of money, and others after them that go on.
"""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.test import Client

from accounts.models import User
from learners.models import Enrollment
from payments import payouts
from payments.instalments import charging, looking_after
from payments.models import InstalmentCharge, LedgerEntry, Order, Payout
from payments.sandbox import oracle
from tests import cast, webs, workers
from tests.payments import in_parts, shop
from tests.payments.held import all_holds
from tests.payments.sales import creator_named, pass_hold, ready_account, sell

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NOBODY = "http://127.0.0.1:1"  # where no site answers
WITHIN_S = 90


def wait_for(happened: Callable[[], object], log: Path) -> None:
    until = time.monotonic() + WITHIN_S
    while not happened():
        assert time.monotonic() < until, log.read_text()[-3000:]
        time.sleep(0.2)


def leases_end() -> None:
    """What time does: the leases of the dead are over."""
    for kind in (Payout, InstalmentCharge):
        kind.objects.filter(finished_at=None).update(lease_until=None)


def test_celerys_workers_that_are_killed_after_the_provider_did_it_send_and_take_nothing_twice(tmp_path: Path) -> None:
    ada = creator_named("Ada")
    sell(ada)
    sell(creator_named("Funder"))
    ready_account(ada)
    plan = in_parts.begin(cast.lin(), in_parts.course_in_parts(2))
    in_parts.a_month_passes(plan)
    looking_after.look_after()
    charging.begin_due()
    pass_hold()
    payouts.run(None)
    paid, taken = Payout.objects.filter(creator=ada), InstalmentCharge.objects.all()
    dying = "payout.after_call,kept_charge.after_call"
    with workers.running(NOBODY, tmp_path / "dying.log", KEZHAN_FAILPOINTS=dying):
        wait_for(lambda: len(oracle.charges()) == 4 and oracle.transfers(), tmp_path / "dying.log")
    assert "SIGKILL" in (tmp_path / "dying.log").read_text()
    assert (paid.get().state, taken.get().finished_at) == ("submitting", None)
    assert sorted(oracle.charges().values()) == [2000, 2000, 5000, 5000]
    assert LedgerEntry.objects.filter(kind="sale").count() == 3, "taken there, and not booked here"
    leases_end()
    with workers.running(NOBODY, tmp_path / "living.log"):
        wait_for(lambda: paid.get().state == "sent" and taken.get().finished_at, tmp_path / "living.log")
    plan.refresh_from_db()
    assert (plan.state, taken.get().state) == ("done", "paid")
    assert sorted(oracle.charges().values()) == [2000, 2000, 5000, 5000]
    assert oracle.transfers()[paid.get().transfer_group] == paid.get().amount_minor
    shop.deliver_all()
    assert all_holds()


def come_back(address: str, buyer: User, order: Order) -> requests.Response:
    """The provider sends her back to us."""
    client = Client()
    client.force_login(buyer)
    cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    asked = {"session_id": order.checkout_session_id}
    return requests.get(f"{address}/checkout/return/", params=asked, cookies=cookies, allow_redirects=False, timeout=30)


@pytest.mark.parametrize("place", ["checkout.before_paid", "checkout.before_commit"])
def test_a_web_process_that_is_killed_while_it_sells_has_sold_nothing_and_the_next_one_sells_it(
    place: str, tmp_path: Path
) -> None:
    lin = cast.lin()
    order = shop.start(lin, shop.two_courses())
    shop.pay(order)
    with webs.serving(tmp_path / "dying.log", KEZHAN_FAILPOINTS=place) as address:
        with pytest.raises(requests.ConnectionError):
            come_back(address, lin, order)
        assert Order.objects.get().is_open
        assert not (Enrollment.objects.exists())
        assert not (LedgerEntry.objects.exists())
    with webs.serving(tmp_path / "living.log") as address:
        assert come_back(address, lin, order).headers["Location"] == order.get_absolute_url()
    assert Order.objects.get().is_paid
    assert list(oracle.charges().values()) == [4999]
    shop.deliver_all()
    assert Enrollment.objects.active().count() == 2
    assert all_holds()
