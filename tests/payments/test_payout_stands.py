"""What a payout pays, and to whom, never changes: by the database itself, whoever writes."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from payments import payouts
from payments.models import Payout
from tests.payments.sales import creator_named, pass_hold, ready_account, sell

pytestmark = pytest.mark.django_db
OTHER: dict[str, Any] = {
    "amount_minor": 1,
    "currency": "EUR",
    "destination": "acct_somewhere_else",
    "rail": "manual_bank_file",
    "token": "another",
    "book": "live",
}


@pytest.fixture
def payout() -> Payout:
    ada = creator_named("Ada")
    sell(ada)
    ready_account(ada)
    pass_hold()
    payouts.run(None)
    return Payout.objects.get()


@pytest.mark.parametrize("column", OTHER)
def test_is_not_changed(payout: Payout, column: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Payout.objects.update(**{column: OTHER[column]})
    assert getattr(Payout.objects.get(), column) == getattr(payout, column)


def test_is_not_made_somebody_else_s(payout: Payout) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Payout.objects.update(creator=creator_named("Bea"))


def test_goes_its_way_all_the_same(payout: Payout) -> None:
    """The control: what is written on the way is let through, and so is the same once more."""
    Payout.objects.update(flag_reason="looked at", amount_minor=payout.amount_minor, destination=payout.destination)
    assert Payout.objects.get().flag_reason == "looked at"
