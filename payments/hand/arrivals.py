"""Money that came in at our own account: noted as it was read there, laid against an order, and booked as its sale.

What fits an order to the last minor unit sells it by the function that sells every order (`taking`). What does not
changes nothing: it stands as a row with its reason until it fits, or goes back. Whoever comes here locks the order
first, then its arrivals in order of their keys.
"""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import AccountDeletion, User
from marketplace.lib import failpoints
from marketplace.lib.errors import DomainError, NotAllowed
from marketplace.lib.money import Money

from .. import payout_rules, taking
from ..models import Arrival, ArrivalPayer, ArrivalStep, HandPayment, Order, PaymentWay
from ..models.arrival import plain_reference
from . import again, mails, second_look, waiting
from .second_look import OwnArrival

State, Why = ArrivalStep.State, ArrivalStep.Why


class ArrivalDecided(DomainError):
    code = "arrival_decided"
    message = _("Somebody has decided on this arrival already.")


class OrderNotByHand(DomainError):
    code = "order_not_by_hand"
    message = _("This order is not paid by hand: its buyer pays on the payment provider's page.")


class UnknownReference(DomainError):
    code = "unknown_reference"
    message = _("No order has this reference or number. Look at each sign again.")


@transaction.atomic
def note(
    *, by: User, way: PaymentWay, received_on: date, amount: Money, bank_reference: str, text: str = "",
    payer: str = "", reference: str = "",
) -> Arrival:  # fmt: skip
    """Write down what came in. It pays the order that `reference` names, or that stands in the payer's `text`, if it
    fits. Raises NotAllowed, ArrivalNoted, UnknownReference, OrderNotByHand, OwnArrival.
    """
    _must_be_finance(by)
    row = Arrival.objects.note(
        by=by, way=way, received_on=received_on, amount=amount, bank_reference=bank_reference, text=text, payer=payer
    )
    facts = {"amount": str(amount), "bank_reference": row.bank_reference, "way": way.code}
    audit.record(by, "arrival.note", row, received_on=str(received_on), **facts)
    failpoints.reach("arrival.noted")
    order = _order_of(reference) if reference else _named_in(text)
    return _laid_against(row, order, by)


@transaction.atomic
def match(arrival: Arrival, *, by: User, reference: str) -> Arrival:
    """Lay one that pays no order so far against this one. Raises as `note` does, and ArrivalDecided."""
    _must_be_finance(by)
    order = _order_of(reference)
    audit.record(by, "arrival.match", arrival, order=order.number)
    return _laid_against(arrival, order, by)


@transaction.atomic
def confirm(arrival: Arrival, *, by: User) -> Arrival:
    """A second person read the same at the bank, of the parts too that make up the sum.

    Raises NotAllowed, OwnArrival, ArrivalDecided, OtherOrderOpen.
    """
    _must_be_finance(by)
    order, row = _hold(arrival, State.WAITING)
    assert order is not None  # what waits names its order
    second_look.must_not_be_hers(order, by)
    audit.record(by, "arrival.confirm", row, order=order.number, amount=str(row.amount))
    return _settle(order, row, by, is_late=row.why == Why.ENDED, is_confirmed=True)


@transaction.atomic
def give_effect(arrival: Arrival, *, by: User, reason: str) -> Arrival:
    """Sell an order whose time was over when its money came, if all of it can still be bought at that price.

    Raises NotAllowed, OwnArrival, ArrivalDecided, OtherOrderOpen, and what `again.must_be_sold` does.
    """
    _must_be_finance(by)
    order, row = _hold(arrival, State.UNMATCHED)
    if order is None or row.why != Why.ENDED:
        raise ArrivalDecided
    second_look.must_not_be_hers(order, by)
    again.must_be_sold(order)
    audit.record(by, "arrival.give_effect", row, order=order.number, reason=reason)
    return _settle(order, row, by, is_late=True)


@transaction.atomic
def withdraw(arrival: Arrival, *, by: User, reason: str) -> None:
    """It was noted by mistake; it may be noted anew. Raises NotAllowed, ArrivalDecided."""
    _must_be_finance(by)
    order, row = _hold(arrival, State.UNMATCHED, State.WAITING)
    audit.record(by, "arrival.withdraw", row, reason=reason)
    ArrivalStep.objects.take(row, State.WITHDRAWN, by=by, order=order, reason=reason)
    if order is not None:
        mails.withdrawn(row, order)


@transaction.atomic
def send_back(arrival: Arrival, *, by: User, reason: str) -> None:
    """It pays nothing and is to be sent back to where it came from. Raises NotAllowed, ArrivalDecided."""
    _must_be_finance(by)
    order, row = _hold(arrival, State.UNMATCHED)
    audit.record(by, "arrival.send_back", row, reason=reason)
    ArrivalStep.objects.take(row, State.TO_SEND_BACK, by=by, order=order, reason=reason)
    if order is not None:
        mails.goes_back(row, order)


@transaction.atomic
def note_sent_back(arrival: Arrival, *, by: User, bank_reference: str) -> None:
    """The bank carried that out, under this reference. Raises NotAllowed, ArrivalDecided, OwnArrival."""
    _must_be_finance(by)
    order, row = _hold(arrival, State.TO_SEND_BACK)
    if by.pk == second_look.who_decided_alone(row.amount, ArrivalStep.objects.who_sends_back(row)):
        raise OwnArrival
    reference = plain_reference(bank_reference)
    audit.record(by, "arrival.sent_back", row, bank_reference=reference)
    ArrivalStep.objects.take(row, State.SENT_BACK, by=by, order=order, bank_reference=reference)


def _laid_against(arrival: Arrival, order: Order | None, by: User) -> Arrival:
    if order is None:
        ArrivalStep.objects.take(arrival, State.UNMATCHED, by=by, why=Why.NO_ORDER)
        return arrival
    named = Arrival.objects.standing().get(pk=arrival.pk).step_order_id
    orders = _hold_orders({order.pk, named or order.pk})
    held = orders[order.pk]
    if held.hand is None:
        raise OrderNotByHand
    second_look.must_not_be_hers(held, by)
    row = Arrival.objects.hold(arrival.pk)
    if row.state not in (None, State.UNMATCHED) or row.step_order_id != named:
        raise ArrivalDecided
    if named and named != held.pk:
        mails.moved(row, orders[named])
    if AccountDeletion.objects.filter(user=held.buyer_id).exists():
        ArrivalPayer.objects.forget([row.pk])
    return _settle(held, row, by)


def _settle(order: Order, row: Arrival, by: User, *, is_late: bool = False, is_confirmed: bool = False) -> Arrival:
    """Book it, let it wait for a second person, or say why it pays nothing. The caller holds both."""
    _end_if_unsold(order)
    why, parts = _judged(order, row, is_late=is_late)
    if is_confirmed and by.pk in second_look.whose_word([row, *parts]):
        raise OwnArrival
    if why:
        step = ArrivalStep.objects.take(row, State.UNMATCHED, by=by, order=order, why=why)
        mails.does_not_fit(row, order, step)
    elif payout_rules.needs_approval(order.total) and not is_confirmed:
        # Whether its order may be sold though it ended is decided; what is left is a second look at the bank.
        step = ArrivalStep.objects.take(row, State.WAITING, by=by, order=order, why=Why.ENDED if is_late else "")
        mails.to_confirm(row, order, step)
    else:
        if is_late:
            again.let_go_beside(order)
        _book(order, [*parts, row], by)
    return row


def _end_if_unsold(order: Order) -> None:
    """It waits for days. What may not be sold any more is not sold for money either: the order ends with that."""
    if order.is_open and not again.is_sold(order) and order.expire():
        waiting.tell_left_over(order)


def _judged(order: Order, row: Arrival, *, is_late: bool) -> tuple[str, list[Arrival]]:
    """Why it does not pay the order; else "", and what came before and makes up the sum with it."""
    if row.currency != order.currency:
        return Why.CURRENCY, []
    if order.is_paid:
        return Why.PAID, []
    if not order.is_open and not (is_late and again.can_be_sold(order)):
        return Why.ENDED, []
    if row.amount == order.total:
        return "", []
    before = [Arrival.objects.hold(pk) for pk in sorted(Arrival.objects.parts_of(order).values_list("pk", flat=True))]
    parts = [one for one in before if one.pk != row.pk and _is_part(one, order)]
    come = Money.total((one.amount for one in [*parts, row]), order.currency)
    if come != order.total:
        return (Why.SHORT if come < order.total else Why.OVER), []
    return "", parts


def _is_part(one: Arrival, order: Order) -> bool:
    """Asked behind its lock: it may have been laid against another order meanwhile."""
    return one.step_order_id == order.pk and one.state == State.UNMATCHED and one.why == Why.SHORT


def _book(order: Order, arrivals: list[Arrival], by: User) -> None:
    # Her own choice may have been another way: what counts is how the money came, or most of it.
    most = max(arrivals, key=lambda one: one.amount_minor)
    for one in arrivals:
        ArrivalStep.objects.take(one, State.BOOKED, by=by, order=order)
    audit.record(by, "arrival.book", order, arrivals=[one.pk for one in arrivals], total=str(order.total))
    failpoints.reach("arrival.before_sale")
    taking.take_by_hand(order.pk, most.way.kind)


def _hold(arrival: Arrival, *states: str) -> tuple[Order | None, Arrival]:
    """The order that it names, and the arrival, both locked; where that order had ended, those beside it too. Raises
    ArrivalDecided where it stands elsewhere by now.
    """
    before = Arrival.objects.standing().get(pk=arrival.pk)
    named = before.step_order_id
    keys = {named} if named else set()
    if named and before.why == Why.ENDED:
        keys |= {other.pk for other in again.beside(Order.objects.get(pk=named))}
    orders = _hold_orders(keys)
    row = Arrival.objects.hold(arrival.pk)
    if row.state not in states or row.step_order_id != named:
        raise ArrivalDecided
    return orders[named] if named else None, row


def _hold_orders(keys: set[int]) -> dict[int, Order]:
    """Locked in order of their keys."""
    held = {pk: Order.objects.hold(pk=pk) for pk in sorted(keys)}
    return {pk: order for pk, order in held.items() if order is not None}


def _order_of(reference: str) -> Order:
    """By a payment's reference, or the order's own number. Raises UnknownReference."""
    paid = _named_in(reference)
    order = paid or Order.objects.filter(number=reference.strip().upper(), book=settings.PAYMENTS_BOOK).first()
    if order is None:
        raise UnknownReference
    return order


def _named_in(text: str) -> Order | None:
    """None where no order is named, or several are."""
    named = HandPayment.objects.named_in(text)
    return named[0].order if len(named) == 1 else None


def _must_be_finance(by: User) -> None:
    if not by.has_role("finance"):
        raise NotAllowed
