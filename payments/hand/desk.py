"""What the people of finance see of payment by hand: what came in and waits for them, and who is waited for."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404

from ..models import Arrival, ArrivalStep, HandPayment, HandRefund, Order, PaymentWay, Refund
from ..models.payment_way import TOLD, present_of
from . import second_look

ENDED_SHOWN = 30
WAITING_SHOWN = 100


@dataclass(frozen=True)
class Shown:
    """An arrival with the order that it names, if it names one."""

    row: Arrival
    order: Order | None

    @property
    def words(self) -> str:
        """Why it pays nothing, or where it stands."""
        state, why = ArrivalStep.State(self.row.state), ArrivalStep.Why(self.row.why)
        return str(why.label if why and state == ArrivalStep.State.UNMATCHED else state.label)

    @property
    def is_late(self) -> bool:
        return self.row.why == ArrivalStep.Why.ENDED

    @property
    def is_short(self) -> bool:
        return self.row.why == ArrivalStep.Why.SHORT

    @property
    def is_over(self) -> bool:
        """No rest is waited for: the order that it names is not open any more."""
        return self.order is not None and not self.order.is_open

    @cached_property
    def parts(self) -> list[Arrival]:
        """What would be booked with it, and is to be looked for at the bank too."""
        if self.order is None or self.row.state != ArrivalStep.State.WAITING:
            return []
        return second_look.parts_beside(self.row, self.order)

    @cached_property
    def decided_by(self) -> int | None:
        """Of one that goes back: who does not say that it is sent, since it is by her word."""
        return second_look.who_decided_alone(self.row.amount, ArrivalStep.objects.who_sends_back(self.row))

    @cached_property
    def witnesses(self) -> set[int]:
        """Who cannot be the second person."""
        return second_look.witnesses(self.row, self.order) if self.order else set()


@dataclass(frozen=True)
class DueRefund:
    """A refund that somebody sends from the bank."""

    row: Refund

    @property
    def decided_by(self) -> int | None:
        """Who does not say that it is sent, since it is by her word that it goes back."""
        return second_look.who_decided_alone(self.row.amount, self.row.requested_by_id)


def view() -> dict[str, Any]:
    shown = _with_orders(list(Arrival.objects.await_somebody()))
    return {
        **{state.value: [one for one in shown if one.row.state == state] for state in ArrivalStep.State},
        "ended": _with_orders(list(Arrival.objects.ended()[:ENDED_SHOWN])),
        "refunds": [DueRefund(row) for row in HandRefund.objects.waiting()],
        "waiting_orders": HandPayment.objects.waiting()[:WAITING_SHOWN],
    }


def waiting() -> list[Shown]:
    """What a person has to decide on."""
    return _with_orders(list(Arrival.objects.await_somebody()))


def shown(arrival: Arrival) -> Shown:
    rows = Arrival.objects.standing().select_related("way", "noted_by", "payer")
    return _with_orders([rows.get(pk=arrival.pk)])[0]


def count_waiting() -> int:
    """How much of it needs a person, what is to be sent back counted too."""
    return Arrival.objects.await_somebody().count() + HandRefund.objects.waiting().count()


def is_used() -> bool:
    """Whether there ever was a way: before, nothing of it is shown."""
    return PaymentWay.objects.standing().exists()


def differences(standing: PaymentWay | None, way: PaymentWay) -> list[tuple[str, str, str]]:
    """(what, as buyers read it now, as they would): to whom the money goes, and all else that is not the same."""
    found = []
    for name in (name for name in TOLD if name not in ("is_on", "qr")):
        now, then = (str(getattr(row, name)) if row else "" for row in (standing, way))
        if now != then or name in ("holder", "account"):
            found.append((str(PaymentWay._meta.get_field(name).verbose_name), now, then))  # type: ignore[union-attr]
    return found


def way_or_404(code: str) -> tuple[PaymentWay, PaymentWay | None, list[PaymentWay]]:
    """(what a change goes on from, what stands for buyers if anything does, all versions). Raises Http404."""
    versions = list(PaymentWay.objects.versions(code))
    if not versions:
        raise Http404
    return present_of(versions), next((row for row in versions if row.holds), None), versions


def _with_orders(rows: list[Arrival]) -> list[Shown]:
    orders = Order.objects.select_related("buyer").in_bulk({row.step_order_id for row in rows if row.step_order_id})
    return [Shown(row, orders.get(row.step_order_id)) for row in rows]
