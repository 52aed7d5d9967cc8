"""Languages of captions, as a course's page, search engines and the API are told."""

import json
import re

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import User
from courses import caption_words
from courses.models import Course
from tests.courses.factories import make_course

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "codes", "names"),
    [
        ("en", ["en", "zh"], ["English", "Chinese"]),
        ("zh-hans", ["en", "zh"], ["英语", "中文"]),
        ("en", ["sgn", "pt"], ["sgn", "Portuguese"]),
        ("en", ["xx-nonsense!", ""], ["xx-nonsense!", ""]),
    ],
)
def test_a_language_is_called_as_its_reader_calls_it(language: str, codes: list[str], names: list[str]) -> None:
    with translation.override(language):
        assert caption_words.languages_of(codes) == names


def structured(page: str) -> dict:
    found = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page)
    assert found
    return json.loads(found[1])


def test_a_course_says_in_which_languages_all_its_films_have_captions(client: Client, ada: User) -> None:
    course = make_course()
    page = client.get(course.get_absolute_url()).content.decode()
    assert "Captions: English" not in page
    assert "accessibilityFeature" not in structured(page)
    Course.objects.note_captions({course.pk: ["en", "zh"]})
    page = client.get(f"{course.get_absolute_url()}?fresh=1").content.decode()
    assert "Captions: English · Chinese" in page
    assert structured(page)["accessibilityFeature"] == ["captions"]
    assert structured(page)["availableLanguage"] == ["en", "zh"]
    page = client.get(f"{course.get_absolute_url()}?fresh=2", headers={"Accept-Language": "zh-hans"}).content.decode()
    assert "英语" in page
