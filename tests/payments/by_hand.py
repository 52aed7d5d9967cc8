"""Paying by hand in tests: ways that finance set up, orders that wait, and money that comes in at the bank."""

import itertools
from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from accounts.models import User
from courses.models import Course
from marketplace.lib.money import Money
from payments import checkout
from payments.hand import arrivals
from payments.models import Arrival, HandPayment, Order, PaymentWay, PaymentWayVerdict
from tests import cast

IBAN = "DE89370400440532013000"
DAY = date(2026, 11, 2)
_numbers = itertools.count(1)
TOLD = {
    "name_en": "Bank transfer", "name_zh": "银行转账", "holder": "Kezhan Ltd", "account": IBAN,
    "bank_code": "COBADEFFXXX",
    "instructions_en": "Write the reference into the transfer.", "instructions_zh": "请在备注中填写付款编号。",
}  # fmt: skip


def gil() -> User:
    """The other person of finance."""
    return cast.person("Gil", role="finance")


def way_for(currency: str = "USD", **told: Any) -> PaymentWay:
    kind = told.pop("kind", "bank_transfer")
    way = PaymentWay.objects.set_up(by=cast.fay(), kind=kind, currency=currency, reason="Asked for", **TOLD | told)
    return approved(way)


def approved(way: PaymentWay) -> PaymentWay:
    """A second person said yes to it, who is no longer of finance."""
    PaymentWayVerdict.objects.note(way, by=cast.person("Vera"), approves=True, reason="")
    return way


def picture() -> ContentFile:
    out = BytesIO()
    Image.new("RGB", (40, 40), "black").save(out, "PNG")
    return ContentFile(out.getvalue(), "code.png")


def wait_for(buyer: User, courses: list[Course], way: PaymentWay, **asked: Any) -> Order:
    return checkout.start(buyer=buyer, courses=courses, way=way.code, **asked)


def come_in(order: Order, minor: int | None = None, *, by: User | None = None, **facts: Any) -> Arrival:
    """What the bank shows: so much, all that was asked by default, with the order's reference in the payer's words."""
    hand = HandPayment.objects.select_related("way").get(order=order)
    told: dict[str, Any] = {
        "way": hand.way, "received_on": DAY, "bank_reference": f"B-{next(_numbers)}", "payer": "Lin Chen",
        "amount": Money(order.total_minor if minor is None else minor, order.currency),
        "text": f"courses {hand.reference_in_groups} thanks",
    }  # fmt: skip
    return arrivals.note(by=by or cast.fay(), **told | facts)


def state_of(arrival: Arrival) -> tuple[str, str]:
    fresh = Arrival.objects.standing().get(pk=arrival.pk)
    return fresh.state, fresh.why
