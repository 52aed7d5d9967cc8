"""The API's own pages."""

import pytest
from django.test import Client

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
