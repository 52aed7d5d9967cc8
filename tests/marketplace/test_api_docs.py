"""The API's own pages."""

import pytest
from django.test import Client

from marketplace import api_docs

pytestmark = pytest.mark.django_db


def test_the_document_is_openapi_3_and_names_the_whole_story(client: Client) -> None:
    answer = client.get("/api/v1/schema/?format=json")
    paths = answer.json()["paths"]
    assert answer.json()["openapi"].startswith("3.")
    for path in (
        "people",
        "uploads",
        "studio/courses",
        "moderation/submissions",
        "orders",
        "watch/reports",
        "payout-runs",
    ):
        assert any(known.startswith(f"/api/v1/{path}/") for known in paths), path


def test_the_readable_pages_name_every_operation_and_ask_nobody_else(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    for path in client.get("/api/v1/schema/?format=json").json()["paths"]:
        assert f"<code>{path}</code>" in page
    assert "cdn" not in page


def test_the_document_is_drawn_up_once_in_each_format_and_language() -> None:
    api_docs._drawn.cache_clear()
    answers = [Client().get(f"/api/v1/schema/{question}") for question in ("", "", "?lang=zh-hans", "?lang=xx")]
    assert [answer["Content-Type"] for answer in answers] == ["application/vnd.oai.openapi"] * 4
    assert answers[0].content == answers[1].content == answers[3].content != answers[2].content
    assert api_docs._drawn.cache_info().misses == 2
