import pytest
from django.test import Client

from marketplace.lib import emails
from marketplace.metrics import may_ask

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "headers", "allowed"),
    [
        ("127.0.0.1", {}, True),
        ("10.1.2.3", {}, True),
        ("::1", {}, True),
        ("8.8.8.8", {}, False),
        ("10.1.2.3", {"HTTP_X_FORWARDED_FOR": "8.8.8.8"}, False),
        ("10.1.2.3", {"HTTP_FORWARDED": "for=8.8.8.8"}, False),
        ("", {}, False),
        ("8.8.8.8", {"HTTP_AUTHORIZATION": "Bearer open sesame"}, True),
        ("8.8.8.8", {"HTTP_AUTHORIZATION": "Bearer open"}, False),
    ],
)
def test_only_the_inside_and_the_token_are_answered(rf, settings, address, headers, allowed):
    settings.METRICS_TOKEN = "open sesame"
    assert may_ask(rf.get("/metrics", REMOTE_ADDR=address, **headers)) is allowed


def test_an_empty_token_opens_nothing(rf, settings):
    settings.METRICS_TOKEN = ""
    assert not may_ask(rf.get("/metrics", REMOTE_ADDR="8.8.8.8", HTTP_AUTHORIZATION="Bearer "))


def test_strangers_do_not_learn_that_it_exists():
    assert Client(REMOTE_ADDR="8.8.8.8").get("/metrics").status_code == 404


def test_requests_are_counted_under_their_route_not_their_address(client):
    client.get("/healthz")
    client.get("/no/such/page")
    text = client.get("/metrics").content.decode()
    assert 'kezhan_requests_total{method="GET",route="healthz",status="200"}' in text
    assert 'route="unmatched"' in text
    assert "/no/such/page" not in text


def test_what_waits_is_read_from_the_rows(client):
    emails.post_rendered("test:metrics", "lin@example.com", "Subject", "Text", "", "en")
    text = client.get("/metrics").content.decode()
    assert 'kezhan_work_open{kind="floor.mail"} 1.0' in text
    assert 'kezhan_work_due{kind="floor.mail"} 1.0' in text
