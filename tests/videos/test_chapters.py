"""Chapters: what creators write, what is kept, and who may write."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from tests.videos.films import ready_video
from videos import chapters
from videos.models import Chapter, Video

TEXT = "0:00 Beginning\n1:02.5 - What light does\n\n1:00:00 The end\n"


@pytest.fixture
def video(ada: User) -> Video:
    return ready_video(ada, seconds=2 * 3600)


def test_lines_of_a_time_and_a_title_are_read_and_shown_again_as_they_are_kept(video: Video) -> None:
    chapters.put(video, chapters.read(TEXT))
    kept = list(Chapter.objects.filter(video=video))
    assert [(one.start_ms, one.title) for one in kept] == [
        (0, "Beginning"), (62_500, "What light does"), (3_600_000, "The end")
    ]  # fmt: skip
    assert chapters.text_of(kept) == "0:00 Beginning\n1:02.500 What light does\n1:00:00 The end"


def test_new_chapters_stand_instead_of_the_old_and_none_are_none(video: Video) -> None:
    chapters.put(video, [(0, "One"), (5000, "Two")])
    chapters.put(video, [(1000, "Other")])
    assert list(video.chapters.values_list("title", flat=True)) == ["Other"]
    chapters.put(video, chapters.read("\n \n"))
    assert not video.chapters.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Beginning", "does not begin with a time"),
        ("1:75 x", "does not begin with a time"),
        ("0:00", "give it a title"),
        ("2:00:00 Too late", "the film ends before"),
        ("0:10 a\n0:10.9 b", "another chapter begins"),
        ("0:00 " + "x" * 81, "more than 80 letters"),
        ("\n".join(f"{n}:00 c" for n in range(101)), "at most 100"),
    ],
)
def test_what_cannot_be_a_chapter_is_refused_in_words(video: Video, text: str, said: str) -> None:
    chapters.put(video, [(0, "Kept")])
    with pytest.raises(ValidationError, match=said):
        chapters.put(video, chapters.read(text))
    assert video.chapters.get().title == "Kept"


def test_a_creator_writes_them_on_the_film_s_page_and_a_mistake_keeps_her_text(
    video: Video, ada: User, client: Client
) -> None:
    client.force_login(ada)
    address = reverse("videos:put_chapters", args=[video.pk])
    answer = client.post(address, {"chapters": TEXT, "next": reverse("videos:film", args=[video.pk])})
    assert answer.url == reverse("videos:film", args=[video.pk])
    assert "1:02.500 What light does" in client.get(answer.url).content.decode()
    wrong = client.post(address, {"chapters": "0:00 Mine\nno time here"})
    assert wrong.status_code == 422
    assert "0:00 Mine\nno time here" in wrong.content.decode()
    assert video.chapters.count() == 3


def test_the_api_puts_chapters_and_shows_them(video: Video, ada: User, cole: User) -> None:
    client = APIClient()
    client.force_authenticate(ada)
    address = reverse("api-video-chapters", args=[video.pk])
    told = {"chapters": [{"start_s": 0, "title": "Beginning"}, {"start_s": 12.25, "title": "Then"}]}
    answer = client.put(address, told)
    assert (answer.status_code, answer.json()["chapters"]) == (200, told["chapters"])
    assert client.put(address, {"chapters": [{"start_s": -1, "title": ""}]}).status_code == 400
    client.force_authenticate(cole)
    assert client.put(address, told).status_code == 404


def test_an_own_film_has_a_fresh_address_for_its_player(video: Video, ada: User, cole: User) -> None:
    client = APIClient()
    client.force_authenticate(ada)
    answer = client.get(reverse("api-video-playback", args=[video.pk])).json()
    assert answer["master_url"].endswith("/master.m3u8")
    assert answer["report_token"] is None
    client.force_authenticate(cole)
    assert client.get(reverse("api-video-playback", args=[video.pk])).status_code == 404
