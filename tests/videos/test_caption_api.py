"""Cues over the API: read, saved whole with the revision that was seen, shifted, published; nobody's words are lost."""

from typing import Any

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from tests.videos.films import ready_video, text_file
from videos import captions
from videos.models import Caption, Video

SRT = "1\n00:00:01,000 --> 00:00:02,500\nHello & you\n\n2\n00:00:03,000 --> 00:00:04,000\n你好\n世界\n"
HELLO = {"start_ms": 1000, "end_ms": 2500, "text": "Hello & you"}
WORLD = {"start_ms": 3000, "end_ms": 4000, "text": "你好\n世界"}


@pytest.fixture
def film(ada: User) -> Video:
    film = ready_video(ada)
    captions.put(film, language="en", file=text_file(SRT))
    return film


@pytest.fixture
def api(ada: User) -> APIClient:
    api = APIClient()
    api.force_authenticate(ada)
    return api


def address(film: Video, name: str = "api-video-caption", language: str = "en") -> str:
    return reverse(name, args=[film.pk, language])


def bare(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [{name: cue[name] for name in ("start_ms", "end_ms", "text")} for cue in told["cues"]]


def test_cues_are_read_with_their_revision_and_what_is_hard_to_read(api: APIClient, film: Video) -> None:
    told = api.get(address(film)).json()
    assert (told["language"], told["revision"], told["is_draft"]) == ("en", 1, False)
    assert bare(told) == [HELLO, WORLD]
    assert [cue["hints"] for cue in told["cues"]] == [[], []]
    api.put(address(film), {"revision": 1, "cues": [{**HELLO, "end_ms": 1100}]}, "json")
    (cue,) = api.get(address(film)).json()["cues"]
    assert "Too fast to read" in cue["hints"][0]


def test_what_was_read_and_is_sent_unchanged_changes_no_word(api: APIClient, film: Video) -> None:
    before = Caption.objects.get().webvtt
    told = api.get(address(film)).json()
    saved = api.put(address(film), {"revision": told["revision"], "cues": bare(told)}, "json")
    assert (saved.status_code, saved.json()["revision"]) == (200, 2)
    assert Caption.objects.get().webvtt == before


def test_a_stale_revision_is_refused_and_nothing_is_overwritten(api: APIClient, film: Video) -> None:
    first = api.put(address(film), {"revision": 1, "cues": [{**HELLO, "text": "First"}]}, "json")
    assert first.status_code == 200
    late = api.put(address(film), {"revision": 1, "cues": [{**HELLO, "text": "Second"}]}, "json")
    assert (late.status_code, late.json()["code"]) == (409, "caption_changed")
    shifted = api.post(address(film, "api-video-caption-shift"), {"revision": 1, "shift_ms": 500}, "json")
    assert (shifted.status_code, shifted.json()["code"]) == (409, "caption_changed")
    assert bare(api.get(address(film)).json()) == [{**HELLO, "text": "First"}]


def test_the_page_s_editor_and_the_api_see_each_other(api: APIClient, film: Video, ada: User, client: Any) -> None:
    client.force_login(ada)
    page = reverse("videos:edit_caption", args=[film.pk, "en"])
    client.post(page, {"cues": "0:01 --> 0:02\nFrom the page", "revision": "1"})
    assert api.put(address(film), {"revision": 1, "cues": [HELLO]}, "json").status_code == 409
    assert api.put(address(film), {"revision": 2, "cues": [HELLO]}, "json").status_code == 200
    late = client.post(page, {"cues": "0:01 --> 0:02\nStill mine", "revision": "2"})
    assert (late.status_code, "Still mine" in late.content.decode()) == (409, True)


def test_all_are_shifted_and_what_would_lose_words_is_refused(api: APIClient, film: Video) -> None:
    shift = address(film, "api-video-caption-shift")
    told = api.post(shift, {"revision": 1, "shift_ms": 250}, "json").json()
    assert [(cue["start_ms"], cue["end_ms"]) for cue in told["cues"]] == [(1250, 2750), (3250, 4250)]
    lost = api.post(shift, {"revision": 2, "shift_ms": -2750}, "json")
    assert lost.status_code == 400
    assert "1 cue would lie before the film begins" in lost.json()["errors"]["shift_ms"][0]
    assert api.get(address(film)).json()["revision"] == 2


def test_captions_are_begun_at_revision_0_in_a_language_that_is_offered(api: APIClient, film: Video) -> None:
    assert api.get(address(film, language="zh-Hans")).status_code == 404
    begun = api.put(address(film, language="zh-Hans"), {"revision": 0, "cues": [WORLD]}, "json")
    assert (begun.status_code, begun.json()["revision"], begun.json()["label"]) == (200, 1, captions.name_of("zh-Hans"))
    again = api.put(address(film, language="zh-Hans"), {"revision": 0, "cues": [HELLO]}, "json")
    assert (again.status_code, again.json()["code"]) == (409, "caption_changed")
    assert api.put(address(film, language="tlh"), {"revision": 0, "cues": [WORLD]}, "json").status_code == 404


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"cues": [HELLO]}, "revision"),
        ({"revision": 1}, "cues"),
        ({"revision": 1, "cues": []}, "cues"),
        ({"revision": 1, "cues": [{**HELLO, "end_ms": 900}]}, "cues"),
        ({"revision": 1, "cues": [{**HELLO, "end_ms": 10**12}]}, "cues"),
        ({"revision": 1, "cues": [{**HELLO, "start_ms": -1}]}, "cues"),
        ({"revision": 1, "cues": [{**HELLO, "text": "<b></b>"}]}, "cues"),
        ({"revision": 1, "cues": "Hello"}, "cues"),
        ({"revision": "many", "cues": [HELLO]}, "revision"),
    ],
)
def test_what_cannot_be_saved_is_refused_by_its_field(
    api: APIClient, film: Video, sent: dict[str, Any], field: str
) -> None:
    answer = api.put(address(film), sent, "json")
    assert answer.status_code == 400, answer.content
    assert field in answer.json()["errors"]
    assert bare(api.get(address(film)).json()) == [HELLO, WORLD]


def test_mark_up_stays_out_and_cues_are_sorted(api: APIClient, film: Video) -> None:
    sent = {"revision": 1, "cues": [WORLD, {**HELLO, "text": "<i>Early</i> --> x"}]}
    assert [cue["text"] for cue in api.put(address(film), sent, "json").json()["cues"]] == ["Early --> x", "你好\n世界"]
    assert Caption.objects.get().webvtt.count("-->") == 2


def test_a_machine_s_draft_is_mended_and_published(api: APIClient, film: Video) -> None:
    webvtt = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHelo\n"
    Caption.objects.draft(video=film, language="de", label="Deutsch", webvtt=webvtt, cues_count=1)
    told = api.get(address(film, language="de")).json()
    assert (told["is_draft"], told["is_machine_made"]) == (True, True)
    mended = {"revision": told["revision"], "cues": [{**told["cues"][0], "text": "Hallo"}]}
    assert api.put(address(film, language="de"), mended, "json").json()["is_draft"] is True
    api.post(address(film, "api-video-caption-publish", "de"))
    told = api.get(address(film, language="de")).json()
    assert (told["is_draft"], told["cues"][0]["text"]) == (False, "Hallo")


def test_a_film_of_hours_fits(api: APIClient, film: Video) -> None:
    sent = [{"start_ms": n * 2000, "end_ms": n * 2000 + 1500, "text": f"Line {n}, 第 {n} 行"} for n in range(12_000)]
    assert api.put(address(film), {"revision": 1, "cues": sent}, "json").status_code == 200
    assert Caption.objects.get().cues_count == 12_000


def test_captions_of_others_are_not_found(film: Video, cole: User) -> None:
    api = APIClient()
    api.force_authenticate(cole)
    assert api.get(address(film)).status_code == 404
    assert api.put(address(film), {"revision": 1, "cues": [HELLO]}, "json").status_code == 404
    assert api.post(address(film, "api-video-caption-shift"), {"revision": 1, "shift_ms": 1}, "json").status_code == 404
    assert APIClient().get(address(film)).status_code in (401, 403)
