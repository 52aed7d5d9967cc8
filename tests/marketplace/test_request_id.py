import json
import logging

import pytest
from celery import shared_task
from django.urls import resolve
from structlog.contextvars import bound_contextvars, get_contextvars
from structlog.stdlib import ProcessorFormatter

from marketplace import logs, request_id
from marketplace.celery import app


def test_an_id_that_came_in_goes_out(client):
    assert client.get("/healthz", headers={"X-Request-ID": "abc-123.DEF"})["X-Request-ID"] == "abc-123.DEF"


@pytest.mark.parametrize("forged", ["short", "a" * 65, 'line"break-and-more', "mit leerzeichen"])
def test_an_id_that_could_forge_a_line_is_replaced(client, forged):
    answer = client.get("/healthz", headers={"X-Request-ID": forged})["X-Request-ID"]
    assert answer != forged
    assert len(answer) == 32


def test_an_address_that_is_a_right_is_logged_by_its_route_only(rf):
    request = rf.get("/accounts/password/reset/key/3-secret/")
    request.resolver_match = resolve(request.path)
    assert "secret" not in request_id.logged_path(request)
    assert request_id.logged_path(rf.get("/courses/")) == "/courses/"


def test_the_id_is_sent_along_with_a_task():
    headers = {}
    with bound_contextvars(request_id="of-this-request"):
        request_id.send_along(headers=headers)
    assert headers == {"request_id": "of-this-request"}


def test_a_task_takes_the_id_up_and_lays_it_down():
    seen = []

    @shared_task(name="tests.note_context")
    def note_context() -> None:
        seen.append(get_contextvars())

    try:
        note_context.apply(headers={"request_id": "of-that-request"})
    finally:
        app.tasks.pop("tests.note_context", None)
    assert seen[0]["request_id"] == "of-that-request"
    assert seen[0]["task"] == "tests.note_context"
    assert get_contextvars() == {}


def written(form: str, logger: str, words: str, *arguments: object, **facts: object) -> str:
    rules = logs.configuration(form, "INFO")["formatters"]["line"]
    formatter = ProcessorFormatter(foreign_pre_chain=rules["foreign_pre_chain"], processors=rules["processors"])
    record = logging.getLogger(logger).makeRecord(
        logger, logging.WARNING, "", 0, words, arguments, exc_info=None, extra=facts
    )
    return formatter.format(record)


def test_a_line_is_one_json_object_with_the_request_id():
    with bound_contextvars(request_id="of-this-request"):
        line = json.loads(written("json", "payments", "order %s\npaid", 7, amount=1999))
    assert line["message"] == "order 7\npaid"
    assert line["request_id"] == "of-this-request"
    assert line["amount"] == 1999
    assert (line["level"], line["logger"]) == ("warning", "payments")
