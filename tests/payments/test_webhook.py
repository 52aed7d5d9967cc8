"""The webhook: who is let in, what is kept, and what an event may lead to."""

import json
import time

import pytest
from django.conf import settings
from django.test import Client
from stripe import WebhookSignature

from marketplace.lib import work
from payments import provider_events, webhooks
from payments.models import Order, ProviderEvent
from payments.sandbox import delivery
from payments.sandbox.models import SandboxEvent, SandboxFault
from tests.payments import shop
from tests.payments.held import all_holds


def event(**changes: object) -> bytes:
    body = {
        "id": "evt_1", "object": "event", "type": "checkout.session.completed", "livemode": False,
        "data": {"object": {"id": "cs_unknown", "amount_total": 1}},
    }  # fmt: skip
    return json.dumps({**body, **changes}).encode()


def sign(body: bytes, at: float | None = None, secret: str | None = None) -> dict[str, str]:
    stamp = int(at or time.time())
    header = WebhookSignature.generate_signature_header(body.decode(), secret or settings.STRIPE_WEBHOOK_SECRET, stamp)
    return {"Stripe-Signature": header}


@pytest.fixture
def door(db: None) -> Client:
    return Client(enforce_csrf_checks=True)


def test_a_signed_event_is_kept_once_however_often_it_comes(door) -> None:
    body = event()
    assert [shop.post_event(door, body, sign(body)) for _time in range(3)] == [200, 200, 200]
    assert ProviderEvent.objects.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Stripe-Signature": "nonsense"},
        {"Stripe-Signature": f"t={int(time.time())},v1={'0' * 64}"},
        sign(event(), secret="whsec_somebody_else"),
        sign(event(), at=time.time() - 3600),
        sign(event(), at=time.time() + 3600),
        sign(event(livemode=True)),
    ],
    ids=["none", "nonsense", "wrong", "other secret", "old", "future", "of another body"],
)
def test_what_the_provider_did_not_sign_now_is_refused(door, headers) -> None:
    assert shop.post_event(door, event(), headers) == 400
    assert not ProviderEvent.objects.exists()
    assert all_holds()


def test_a_door_that_knows_another_secret_lets_its_events_in(door, settings) -> None:
    """A control: it is the signature and nothing else for which the same bytes were refused."""
    settings.STRIPE_WEBHOOK_SECRET = "whsec_somebody_else"
    assert shop.post_event(door, event(), sign(event(), secret="whsec_somebody_else")) == 200


@pytest.mark.parametrize("hours", [-1, 1], ids=["old", "future"])
def test_a_door_that_does_not_look_at_the_time_lets_old_and_future_events_in(door, monkeypatch, hours) -> None:
    """A control: it is the time of signing for which they were refused."""
    monkeypatch.setattr(webhooks, "TOLERANCE_S", 7200)
    assert shop.post_event(door, event(), sign(event(), at=time.time() + hours * 3600)) == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b"\xff\xfe", event(livemode=True), event(id=None), event(type=""), event(object="charge")],
    ids=["empty", "list", "nothing in it", "no text", "other book", "no id", "no type", "no event"],
)
def test_what_is_no_event_of_this_book_is_refused(door, body) -> None:
    headers = sign(body) if body != b"\xff\xfe" else {"Stripe-Signature": "t=1,v1=0"}
    assert shop.post_event(door, body, headers) == 400
    assert not ProviderEvent.objects.exists()
    assert all_holds()


def test_a_body_that_is_too_long_is_refused_unread(door) -> None:
    body = b" " * 5_000_000
    assert shop.post_event(door, body, {"Stripe-Signature": "t=1,v1=0"}) == 413
    assert all_holds()


def test_events_are_posted_and_nothing_else(door) -> None:
    assert door.get("/webhooks/stripe/").status_code == 405


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"type": "customer.created"}, "not ours to act on"),
        ({"type": "charge.updated", "data": {"object": {"id": "ch_unknown"}}}, "unknown at the provider"),
    ],
)
def test_an_event_of_an_unknown_type_or_object_changes_nothing(door, changes, outcome) -> None:
    body = event(**changes)
    assert shop.post_event(door, body, sign(body)) == 200
    shop.work_off_events()
    assert ProviderEvent.objects.get().outcome == outcome
    assert not Order.objects.exists()
    assert all_holds()


def test_an_event_of_a_session_that_is_not_ours_is_noted_and_done(door, lin) -> None:
    order = shop.start(lin, shop.two_courses())
    Order.objects.filter(pk=order.pk).update(checkout_session_id=None, token="00000000000000000000000000000000")
    shop.pay(order)
    shop.deliver_all(door)
    assert ProviderEvent.objects.get(type="checkout.session.completed").outcome == "unknown order"
    order.refresh_from_db()
    assert order.is_open


def test_a_false_body_with_a_good_signature_is_not_believed(door, lin) -> None:
    order = shop.start(lin, shop.two_courses())
    body = event(data={"object": {"id": order.checkout_session_id, "payment_status": "paid", "status": "complete"}})
    assert shop.post_event(door, body, sign(body)) == 200
    shop.work_off_events()
    order.refresh_from_db()
    assert order.is_open
    assert all_holds()


def test_while_the_provider_does_not_answer_the_event_waits(door, lin) -> None:
    order = shop.start(lin, shop.two_courses())
    shop.pay(order)
    completed = SandboxEvent.objects.get(type="checkout.session.completed")
    shop.post_event(door, *delivery.signed(completed))
    SandboxFault.objects.plan("checkout.sessions.retrieve", "timeout_before")
    kept = ProviderEvent.objects.get()
    with pytest.raises(Exception, match="provider"):
        work.run(ProviderEvent, kept.pk, provider_events.take)
    kept.refresh_from_db()
    assert kept.finished_at is None
    assert kept.due_at > kept.received_at
    ProviderEvent.objects.update(due_at=kept.received_at)
    work.run(ProviderEvent, kept.pk, provider_events.take)
    order.refresh_from_db()
    assert order.is_paid


@pytest.mark.django_db(transaction=True)
def test_the_sandbox_posts_its_events_to_the_real_address(live_server, settings, lin) -> None:
    settings.KEZHAN_BASE_URL = live_server.url
    order = shop.start(lin, shop.two_courses()[:1])
    shop.pay(order)
    for pk in SandboxEvent.open_work().values_list("pk", flat=True):
        assert work.run(SandboxEvent, pk, delivery.deliver)
    assert ProviderEvent.objects.count() == SandboxEvent.objects.count() >= 4
    shop.work_off_events()
    order.refresh_from_db()
    assert order.is_paid


@pytest.mark.django_db(transaction=True)
def test_an_event_that_is_not_taken_is_sent_again_later(settings, lin) -> None:
    settings.KEZHAN_BASE_URL = "http://127.0.0.1:9"  # nobody listens there
    order = shop.start(lin, shop.two_courses()[:1])
    shop.pay(order)
    sent = SandboxEvent.objects.first()
    with pytest.raises(delivery.NotDelivered):
        work.run(SandboxEvent, sent.pk, delivery.deliver)
    sent.refresh_from_db()
    assert (sent.finished_at, sent.attempts) == (None, 1)


def test_a_thin_event_means_the_same_as_one_that_carries_its_object(door, lin) -> None:
    order = shop.start(lin, shop.two_courses())
    shop.pay(order)
    related = {"id": order.checkout_session_id, "type": "checkout.session"}
    body = event(object="v2.core.event", type="v1.checkout.session.completed", related_object=related, data={})
    assert shop.post_event(door, body, sign(body)) == 200
    shop.work_off_events()
    order.refresh_from_db()
    assert order.is_paid
    assert all_holds()
