"""Marks and cursors that nobody gave out: each page and list takes them for none, or refuses them."""

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.models import User
from courses.paging import read_mark
from discovery import index
from tests.courses.clips import make_clip
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db
# Python reads all of these, PostgreSQL none of the first three; the last is before the first year in UTC.
MOMENTS = {
    "far off": "2026-01-01T00:00:00+23:00",
    "farther back": "2026-01-01T00:00:00-16:00",
    "parts of a second off": "2026-01-01T00:00:00+01:00:00.5",
    "before all": "0001-01-01T00:00:00+15:00",
}


@pytest.fixture
def shop(ada: User) -> None:
    course = make_course(title="Free code", lessons=1)
    make_course(title="Deep code", lessons=1)
    make_clip(course)
    index.refresh()


def mark(text: str) -> str:
    return urlsafe_b64encode(f"{text}_5".encode()).decode().rstrip("=")


def cursor(place: str) -> str:
    """As the API writes it."""
    return urlencode({"cursor": b64encode(urlencode({"p": place}).encode()).decode()})


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_page_begins_at_any_moment_or_at_the_first(client: Client, shop: None, moment: str) -> None:
    wanted = mark(MOMENTS[moment])
    for address in ("/courses/?sort=newest", "/search/?q=code&sort=newest", "/clips/all/?"):
        for way in ("after", "before"):
            assert client.get(f"{address}&{way}={wanted}").status_code == 200, address
    assert client.get(f"/api/v1/search/?q=code&sort=newest&after={wanted}").status_code == 200


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_list_of_the_api_does_so_or_refuses_it(client: Client, shop: None, moment: str) -> None:
    address, wanted = "/api/v1/courses/?sort=newest&cursor=after.", mark(MOMENTS[moment])
    assert client.get(address + wanted).status_code == (404 if moment == "before all" else 200)
    for address in ("/api/v1/clips/", "/api/v1/courses/"):
        answer = client.get(f"{address}?q=code&sort=newest&{cursor(MOMENTS[moment])}")
        assert answer.status_code in (200, 404), address
        assert answer.status_code == 200 or answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("sort", ["", "newest", "popular", "rating", "price-low"])
@pytest.mark.parametrize("place", ["abc", "1.5", "2026-01-01T00:00:00+23:00", "9" * 40, "\0"])
def test_with_words_no_cursor_is_an_error_of_ours(client: Client, shop: None, sort: str, place: str) -> None:
    answer = client.get(f"/api/v1/courses/?q=code&sort={sort}&{cursor(place)}")
    assert answer.status_code in (200, 404)


def test_a_mark_is_read_as_it_is_meant() -> None:
    begin, _is_back = read_mark(("-published_at", "-id"), after=mark("2026-01-01T00:00:00+23:00"))
    assert begin
    assert (begin[0].isoformat(), begin[1]) == ("2025-12-31T01:00:00+00:00", 5)
