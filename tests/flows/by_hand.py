"""What stands in the addresses of payment by hand: an order of Lin's that waits, money that came in, a refund."""

from typing import Any

from accounts.models import User
from payments import refunds
from payments.models import Arrival
from tests.courses.factories import make_course
from tests.payments.by_hand import come_in, wait_for, way_for


def objects(lin: User, fay: User) -> dict[str, Any]:
    way = way_for("USD")
    waits = wait_for(lin, [make_course(title="Marbling")], way)
    arrival: Arrival = come_in(waits, 100)
    paid = wait_for(lin, [make_course(title="Bookbinding")], way)
    come_in(paid)
    refund = refunds.refund(paid, by=fay, reason="asked")
    hers = ["payments:say_sent", "payments:pay_otherwise", "payments:cancel_order"]
    hers += ["api-order-sent", "api-order-other-way", "api-order-cancel"]
    pages = ["match_arrival", "confirm_arrival", "give_arrival_effect", "withdraw_arrival", "send_arrival_back"]
    api = ["match", "confirm", "effect", "withdraw", "send-back", "sent-back"]
    acts = [
        *(f"payments:{name}" for name in [*pages, "note_arrival_sent_back"]),
        *(f"api-arrival-{name}" for name in api),
    ]
    return {
        **{f"{name}:number": waits.number for name in hers},
        **{f"{name}:pk": arrival.pk for name in acts},
        "payments:payment_way:code": way.code, "api-finance-way:code": way.code,
        "payments:approve_payment_way:code": way.code, "payments:decline_payment_way:code": way.code,
        "api-finance-way-approve:code": way.code, "api-finance-way-decline:code": way.code,
        "payments:pay_refund_back:pk": refund.pk, "api-hand-refund-sent:pk": refund.pk,
    }  # fmt: skip
