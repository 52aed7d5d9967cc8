"""A buyer's name, address and e-mail leave the rows of money; every number and every amount stays.

The papers themselves are append-only. PostgreSQL lets just this change through, once: the buyer of a paper becomes the
number of her deleted account (migration `forget_buyers`).
"""

from typing import Any
from urllib.parse import quote_plus

from django.db import connection
from django.db.models import Q

from marketplace.lib import clock

from ..sandbox.models import SandboxDispute, SandboxEvent, SandboxKey, SandboxLate, SandboxPayment, SandboxSession
from .arrival import Arrival, ArrivalPayer
from .billing import BillingDetails
from .card_trace import CardTrace
from .cart import CartItem
from .dispute_evidence import DisputeEvidence
from .instalment import InstalmentPlan
from .membership import Membership
from .order import Order
from .pool import PoolView
from .provider_event import ProviderEvent
from .tip import Tip

_PAPERS = """
UPDATE payments_invoice p SET snapshot = jsonb_set(p.snapshot, '{buyer}', payments_nobody(o.buyer_id, p.snapshot))
  FROM payments_order o WHERE o.id = p.order_id AND o.buyer_id = %(buyer)s AND NOT p.snapshot->'buyer' ? 'account';
UPDATE payments_creditnote p SET snapshot = jsonb_set(p.snapshot, '{buyer}', payments_nobody(o.buyer_id, p.snapshot))
  FROM payments_invoice i JOIN payments_order o ON o.id = i.order_id
 WHERE i.id = p.invoice_id AND o.buyer_id = %(buyer)s AND NOT p.snapshot->'buyer' ? 'account';
"""


def forget_buyer(person: Any) -> None:
    """Called by `payments.privacy` alone, when an `AccountDeletion` of hers stands."""
    orders = Order.objects.filter(buyer=person)
    Order.objects.forget_cards(person)
    CartItem.objects.filter(owner=person).delete()
    InstalmentPlan.objects.end_all_of(person, clock.now())
    Membership.objects.end_all_of(person, clock.now())
    PoolView.objects.forget(person)
    CardTrace.objects.of(person).delete()
    ArrivalPayer.objects.forget(Arrival.objects.of_all(orders).values("pk"))
    BillingDetails.objects.filter(order__in=orders).delete()
    Tip.objects.forget_names(orders)
    DisputeEvidence.objects.filter(dispute__order__in=orders).update(fields={})
    with connection.cursor() as cursor:
        cursor.execute(_PAPERS, {"buyer": person.pk})
    _forget_at_provider(person, list(orders.values_list("checkout_session_id", "charge_id")))


def _forget_at_provider(person: Any, names: list[tuple[str | None, str | None]]) -> None:
    """What the provider told us in her name, and what the sandbox keeps in the provider's place."""
    ids = [name for pair in names for name in pair if name]
    payments = SandboxPayment.objects.filter(Q(session__pk__in=ids) | Q(charge_id__in=ids))
    told = [*ids, *payments.values_list("pk", flat=True)]
    ProviderEvent.objects.filter(object_id__in=told).update(body={})
    SandboxDispute.objects.filter(payment__in=payments).update(evidence={})
    SandboxSession.objects.filter(pk__in=ids).update(email="")
    SandboxPayment.objects.filter(pk__in=list(told)).update(email="")
    SandboxEvent.objects.filter(body__contains=person.email).delete()
    email = Q(text__icontains=person.email) | Q(text__icontains=quote_plus(person.email))
    SandboxLate.objects.filter(email).delete()
    SandboxKey.objects.filter(body__icontains=person.email).delete()
