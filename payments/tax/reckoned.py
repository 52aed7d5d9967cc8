"""Stripe Tax: the provider reckons the tax on its page, so an order learns it together with the money."""

from marketplace.lib.money import Money

from ..models import Order
from ..provider_shapes import Session


def owed(order: Order, session: Session) -> Money:
    """What the session must have taken for the order: its total, and the tax that the provider put on top of it."""
    if session.tax is None or not order.tax_behavior or order.is_tax_inclusive:
        return order.total
    if session.tax.amount.currency != order.currency:
        return order.total  # what the session took is in that currency too, so it does not fit
    return order.subtotal - order.discount + session.tax.amount


def take(order: Order, session: Session) -> None:
    """Bring the reckoned tax into an order that is about to be paid. The caller holds it and has seen that all fits."""
    if session.tax is not None and order.tax_behavior:
        told = session.tax
        order.take_tax(told.amount, country=told.country, name=told.name, bps=told.bps)
