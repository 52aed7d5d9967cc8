"""What the provider tells of transfers: those that come back, and those that we did not know of."""

import pytest

from accounts.models import User
from marketplace.lib.emails import Mail
from payments import invariants, payout_returns, payouts
from payments.models import AccountKind, Payout
from payments.sandbox.models import SandboxFault, SandboxTransfer
from tests.payments import shop
from tests.payments.books import stands
from tests.payments.sales import creator_named, give_back, only_item, pass_hold, ready_account, sell, submit_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(fay: User) -> Payout:
    ada = creator_named("Ada")
    sell(ada)
    sell(creator_named("Funder"))
    ready_account(ada)
    pass_hold()
    payouts.run(None)
    submit_all()
    return Payout.objects.get()


def books_hold() -> bool:
    return not any(invariants.breaks(ask_provider=True).values())


def test_a_transfer_that_came_back_is_the_creators_again_and_finance_is_told(sent: Payout, fay: User) -> None:
    SandboxTransfer.objects.get().take_back(500, {})
    shop.deliver_all(times=2)
    sent.refresh_from_db()
    assert stands(AccountKind.CREATOR_AVAILABLE, sent.creator_id) == 500
    assert "5.00 USD of" in sent.flag_reason
    assert Mail.objects.get(key__startswith="payout-flagged:").to == fay.email
    assert books_hold()


def test_what_comes_back_in_parts_is_booked_part_by_part(sent: Payout) -> None:
    transfer = SandboxTransfer.objects.get()
    for amount in (500, 1000):
        transfer.take_back(amount, {})
        payout_returns.take_transfer(transfer.pk)
    sent.refresh_from_db()
    assert (sent.returned_minor, stands(AccountKind.CREATOR_AVAILABLE, sent.creator_id)) == (1500, 1500)
    assert books_hold()


def test_what_comes_back_fills_a_debt(sent: Payout) -> None:
    order = sent.items.get().share.item.order
    give_back(order, only_item(order))
    assert stands(AccountKind.CREATOR_AVAILABLE, sent.creator_id) == -1500
    SandboxTransfer.objects.get().take_back(None, {})
    shop.deliver_all()
    assert stands(AccountKind.CREATOR_AVAILABLE, sent.creator_id) == 0


def test_a_remark_is_settled_by_a_person_with_a_reason(sent: Payout, fay: User) -> None:
    SandboxTransfer.objects.get().take_back(500, {})
    shop.deliver_all()
    sent.refresh_from_db()
    payouts.settle_flag(sent, by=fay, reason="asked the provider")
    assert not Payout.objects.flagged().exists()


def test_an_event_makes_an_unknown_outcome_known_at_once() -> None:
    ada = creator_named("Ada")
    sell(ada)
    sell(creator_named("Funder"))
    ready_account(ada)
    pass_hold()
    payouts.run(None)
    SandboxFault.objects.plan("transfers.create", "timeout_after")
    submit_all()
    assert not Payout.due_work().exists()
    shop.deliver_all()
    assert Payout.due_work().count() == 1
    submit_all()
    assert Payout.objects.get().state == "sent"


def test_a_transfer_of_a_withdrawn_payout_is_shown_to_a_person(sent: Payout) -> None:
    Payout.objects.filter(pk=sent.pk).update(state="void", transfer_id=None, sent_at=None)
    assert payout_returns.take_transfer(sent.transfer_id) == "flagged"
    assert Payout.objects.flagged().count() == 1


def test_a_second_transfer_of_a_payout_is_shown_to_a_person(sent: Payout) -> None:
    first = SandboxTransfer.objects.get()
    sell(creator_named("Funder"))
    pass_hold()
    second = SandboxTransfer.objects.send(
        amount=1500, currency="usd", to=first.destination, group=first.group, metadata={}
    )
    assert payout_returns.take_transfer(second.pk) == "flagged"
    sent.refresh_from_db()
    assert "and again as" in sent.flag_reason


def test_a_transfer_of_nobodys_payout_changes_nothing(sent: Payout) -> None:
    SandboxTransfer.objects.update(group="other")
    assert payout_returns.take_transfer(sent.transfer_id) == "no payout of ours"
