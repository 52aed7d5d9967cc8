"""The controls of the random lives of money: with one fault planted in the books or in the model, they find it."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.taken_away import ENTRY_KEY, Rule, constraint, function_line, planted, take_away
from tests.payments.money_model import Model, Sale
from tests.payments.test_money_machine import Lives

LIVES, STEPS = 60, 20  # many more than it takes: the first life that goes wrong is the last
# Half of the sellers' money is kept as if it were the whole.
HALF_KEPT = function_line("ledger_balance_kept", "sum(p.amount_minor) AS amount", "sum(p.amount_minor) / 2 AS amount")
# A seat that somebody takes is not counted: the coupon's cap lets one more in.
UNCOUNTED = planted(
    "payments_couponuse",
    "UPDATE payments_coupon SET seats_taken = seats_taken - 1 WHERE id = NEW.coupon_id; RETURN NEW;",
)
# A share says another part than it was reckoned by: no amount is wrong, and whoever reckons it anew disagrees.
ANOTHER_PART = planted("payments_itemshare", "IF NEW.bps > 0 THEN NEW.bps = NEW.bps - 1; END IF; RETURN NEW;")
ONE_REVERSAL = constraint("payments_ledgerentry", "payments_ledgerentry_reverses_id_key")


class ForgetsPromoters(Model):
    """A model that does not release what a promoter waits for."""

    def release(self, sale: Sale) -> None:
        parts = sale.parts
        sale.parts = [part for part in parts if part[0] != "affiliate"]
        super().release(sale)
        sale.parts = parts


def live(lives: type[Lives]) -> None:
    """The same lives each time, up to the first that ends otherwise than the model says."""
    run_state_machine_as_test(
        lives,
        settings=settings(
            max_examples=LIVES, stateful_step_count=STEPS, deadline=None, phases=[Phase.generate], derandomize=True,
            database=None, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fault",
    [ENTRY_KEY, HALF_KEPT, UNCOUNTED, ONE_REVERSAL, ANOTHER_PART],
    ids=[
        "a sale is booked again",
        "half is kept",
        "a seat is not counted",
        "an entry is reversed twice",
        "a share says another part",
    ],
)
def test_a_fault_planted_in_the_books_is_found(fault: Rule) -> None:
    class Faulty(Lives):
        def __init__(self) -> None:
            super().__init__()
            take_away(fault)  # inside the life's own transaction: it ends with the life

    with pytest.raises(AssertionError):
        live(Faulty)


class LosesWhatCameBack(Model):
    """A model in which a transfer that comes back is nobody's."""

    def come_back(self, owner: int, currency: str, amount: int) -> None:
        self.move("stripe_clearing", None, currency, amount)


@pytest.mark.django_db
@pytest.mark.parametrize("model", [ForgetsPromoters, LosesWhatCameBack])
def test_a_fault_planted_in_the_model_is_found(model: type[Model]) -> None:
    class Faulty(Lives):
        def __init__(self) -> None:
            super().__init__()
            self.model = model()

    with pytest.raises(AssertionError):
        live(Faulty)
