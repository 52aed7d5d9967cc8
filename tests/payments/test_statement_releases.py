"""What a statement says of a release goes by the order of the ledger, whatever the clocks said; and the verifier
reckons it from the lines that it has seen.
"""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from marketplace.lib import clock
from payments import payouts, releases
from payments.models import Order, Refund
from tests.payments import sales, statements
from tests.payments.test_statement import VERIFY, found

pytestmark = pytest.mark.django_db


def taken(order: Order, told: dict[str, Any]) -> list[str]:
    """What a statement says had been taken of an order's share before its release."""
    return [
        row["parts"][0]["taken"]
        for row in told["lines"]
        if row["entry"]["kind"] == "release" and row["entry"]["order"] == order.number
    ]


def told_of(path: Path) -> dict[str, Any]:
    return json.loads(path.read_bytes())


def test_what_went_back_between_a_runs_beginning_and_its_turn_was_taken_before(tmp_path: Path) -> None:
    """The release is dated with the run's beginning, which is before the refund was asked for."""
    ada = sales.creator_named("Ada")
    order = sales.sell(ada)
    sales.pass_hold()
    run = payouts.start(None)
    refund = statements.give_back_part(order, 400, "re_meanwhile")
    assert refund.requested_at > run.as_of
    sales.carry_out_runs()
    papers = statements.write(tmp_path, ada)
    assert found(papers) == ""
    assert taken(order, told_of(papers[1])) == ["300"]


def test_what_was_asked_for_before_and_had_its_turn_after_was_taken_after(tmp_path: Path) -> None:
    """The other way: who asked first, by the clock, waited for the item while it was released."""
    ada = sales.creator_named("Ada")
    order = sales.sell(ada)
    sales.pass_hold()
    releases.release_due(clock.now() + timedelta(minutes=5))
    refund = statements.give_back_part(order, 400, "re_late")
    assert refund.requested_at < order.items.get().released_at
    papers = statements.write(tmp_path, ada)
    assert found(papers) == ""
    assert taken(order, told_of(papers[1])) == ["0"]


def test_a_lost_dispute_and_a_refund_that_failed_are_told_apart(tmp_path: Path) -> None:
    """What a bank took is booked under the dispute's key; what the provider refused took nothing."""
    ada = sales.creator_named("Ada")
    order = sales.sell(ada)
    statements.give_back_part(order, 400, "re_part")
    held = Order.objects.hold(pk=order.pk)
    refused = Refund.objects.ask(
        held, [(held.items.get(), 100)], by=None, reason="Part", cause=Refund.Cause.STAFF, ends_access=False
    )
    refused.fail()
    statements.lose_at_the_bank(order, amount=600)
    sales.pass_hold()
    releases.release_due()
    papers = statements.write(tmp_path, ada)
    assert found(papers) == ""
    assert taken(order, told_of(papers[1])) == ["750"]


def test_a_release_of_another_amount_than_the_lines_have_left_is_named() -> None:
    sold = {"item": 7, "kind": "creator", "amount": "1500"}
    left: dict[Any, int] = {}
    for kind, amount in (("sale", 1500), ("refund", 300), ("dispute_lost", 450)):
        VERIFY.check_left(kind, [{**sold, "amount": str(amount)}], left)
    VERIFY.check_left("release", [{**sold, "amount": "750"}], left)
    VERIFY.check_left("release", [{**sold, "item": 8}], left)  # sold before the first of the files
    for kind, amount in (("release", 749), ("release", 1500), ("refund", 751), ("sale", 1500)):
        with pytest.raises(VERIFY.Wrong):
            VERIFY.check_left(kind, [{**sold, "amount": str(amount)}], left)


def test_of_a_price_in_parts_its_own_parts_are_left() -> None:
    left: dict[Any, int] = {}
    part = {"item": 7, "kind": "creator", "amount": "1500", "parts": {"amount": "500"}}
    VERIFY.check_left("sale", [part], left)
    VERIFY.check_left("release", [{"item": 7, "kind": "creator", "amount": "500"}], left)


def test_what_is_left_is_carried_from_one_month_to_the_next(tmp_path: Path) -> None:
    ada = sales.creator_named("Ada")
    order = sales.sell(ada)
    papers = statements.write(tmp_path, ada)
    head, days = VERIFY.read_seals(papers[0])
    _head, so_far, _lines, _sealed = VERIFY.check_statement(papers[1], head, days, None)
    assert so_far["left"] == {(order.items.get().pk, "creator"): 1500}


def test_a_line_that_is_told_twice_is_named(tmp_path: Path) -> None:
    ada = sales.creator_named("Ada")
    sales.sell(ada)
    papers = statements.write(tmp_path, ada)
    statements.refitted(papers[1], lambda rows: rows.append(dict(rows[-1])))
    said = found(papers)
    assert said.startswith("line 3, entry ")
    assert said.endswith("it does not come after the line before it")


def test_whoever_sold_nothing_where_nobody_did_has_papers_that_hold() -> None:
    assert statements.found_wrong([sales.creator_named("Ada")]) == ""
