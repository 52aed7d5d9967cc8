"""The negative controls of rows S2 and S3: the same failures of the provider, and a worker that lacks one habit."""

from datetime import timedelta
from typing import Any

import pytest

from marketplace.lib import clock
from payments import payouts
from payments.models import Payout
from payments.sandbox import oracle
from payments.sandbox.models import SandboxFault
from tests.payments import held
from tests.payments.test_payouts import begun, submit

pytestmark = pytest.mark.django_db


def test_without_looking_first_a_forgotten_key_lets_the_transfer_be_sent_twice(settings: Any) -> None:
    payout = begun()
    SandboxFault.objects.plan("transfers.create", "timeout_after")
    submit(payout)
    settings.PAYMENTS_HTTP_CLIENT = "tests.payments.forgetful.NeverLooks"
    clock.advance(timedelta(hours=25))
    submit(payout)
    assert oracle.transfers() == {payout.transfer_group: 3000}


def test_a_refused_payout_that_is_tried_again_itself_sends_money_that_was_given_back() -> None:
    payout = begun()
    SandboxFault.objects.plan("transfers.create", "400")
    submit(payout)
    Payout.objects.filter(pk=payout.pk).update(state="created", void_at=None, finished_at=None)
    clock.advance(timedelta(hours=25))  # until then the provider repeats its refusal
    submit(payout)
    payouts.run(None)
    submit(Payout.objects.exclude(pk=payout.pk).get(creator=payout.creator))
    assert sum(oracle.transfers().values()) == 3000, "sold once, sent twice"
    assert held.broken()
