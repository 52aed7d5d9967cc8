"""Captions: what people send, and what we write of it."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from tests.courses.factories import make_course
from tests.videos.films import ready_video, text_file
from videos import captions
from videos.models import Caption

SRT = "1\n00:00:01,000 --> 00:00:02,500\nHello <i>you</i>\n\n2\n00:00:03,000 --> 00:00:04,000\n你好\n世界\n"
ASS = (
    "[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\b1}Hello\\Nyou\n"
    "Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 0{\\p0}\n"
)


def test_srt_vtt_and_ass_become_our_own_webvtt() -> None:
    webvtt, cues = captions.converted(text_file(SRT))
    assert cues == 2
    assert webvtt == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello you\n\n00:00:03.000 --> 00:00:04.000\n你好\n世界\n"
    )
    assert captions.converted(text_file(webvtt)) == (webvtt, 2)
    assert captions.converted(text_file(ASS)) == ("WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello\nyou\n", 1)


def test_chinese_in_the_old_encoding_is_read() -> None:
    webvtt, _cues = captions.converted(ContentFile(SRT.encode("gb18030")))
    assert "你好\n世界" in webvtt


def test_mark_up_and_arrows_cannot_escape_their_cue() -> None:
    evil = "1\n00:00:01,000 --> 00:00:02,000\n<script>x</script>a &lt;b&gt; --> c\n"
    webvtt, _cues = captions.converted(text_file(evil))
    assert "<" not in webvtt
    assert webvtt.count("-->") == 1
    assert "a &lt;b&gt; --&gt; c" in webvtt


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_captions"),
        (b"no captions at all", "no_captions"),
        (b"WEBVTT\n\n", "empty"),
        (b"1\n00:00:05,000 --> 00:00:01,000\nbackwards\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe\xfd" * 9, "encoding"),
        (b"a" * (2 * 1024 * 1024 + 1), "too_large"),
        ("".join(f"{n}\n00:00:01,000 --> 00:00:02,000\nx\n\n" for n in range(20_001)).encode(), "too_many"),
    ],
)
def test_what_is_no_captions_is_refused_with_a_reason(content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        captions.converted(ContentFile(content))
    assert refused.value.error_dict["file"][0].code == code


def test_a_language_has_one_text_that_can_be_replaced_and_removed(ada: User) -> None:
    video = ready_video(ada)
    client = APIClient()
    client.force_authenticate(ada)
    address = f"/api/v1/videos/{video.pk}/captions/"
    for text in (SRT, SRT.replace("Hello", "Hi")):
        file = SimpleUploadedFile("c.srt", text.encode())
        answer = client.post(address, {"language": "zh-Hans", "file": file}, format="multipart")
        assert answer.status_code == 201, answer.content
    track = answer.json()["captions"][0]
    assert (track["language"], track["label"]) == ("zh-Hans", "中文 (简体)")
    assert "Hi you" in Caption.objects.get().webvtt
    assert client.get(track["url"]).content.startswith(b"WEBVTT")
    assert client.delete(f"{address}zh-Hans/").status_code == 204
    assert client.delete(f"{address}zh-Hans/").status_code == 404
    bad = client.post(address, {"language": "../x", "file": SimpleUploadedFile("c.srt", b"x")}, format="multipart")
    assert (bad.status_code, set(bad.json()["errors"])) == (400, {"language"})
    wrong = client.post(address, {"language": "en", "file": SimpleUploadedFile("c.srt", b"x")}, format="multipart")
    assert (wrong.status_code, set(wrong.json()["errors"])) == (400, {"file"})


def test_a_creator_adds_and_removes_captions_beside_her_film(ada: User, client: Client) -> None:
    course = make_course(ada.creator, lessons=1, live=False)
    lesson = course.draft.lessons.get()
    client.force_login(ada)
    page = reverse("studio:lesson", args=[course.slug, lesson.pk])
    address = reverse("videos:put_caption", args=[lesson.video_id])
    sent = {"language": "zh-Hans", "file": SimpleUploadedFile("c.srt", SRT.encode()), "next": page}
    assert client.post(address, sent).url == page
    assert "中文 (简体)" in client.get(page).content.decode()
    wrong = {
        "language": "en",
        "file": SimpleUploadedFile("c.srt", b"no captions"),
        "next": "https://elsewhere.example/",
    }
    answer = client.post(address, wrong, follow=True)
    assert "not captions that we can read" in answer.content.decode()
    assert answer.redirect_chain[0][0] == reverse("studio:uploads")
    client.post(reverse("videos:remove_caption", args=[lesson.video_id, "zh-Hans"]))
    assert not Caption.objects.exists()


def test_captions_of_others_are_not_found(ada: User, cole: User, client: Client) -> None:
    video = ready_video(ada)
    client.force_login(cole)
    sent = {"language": "en", "file": SimpleUploadedFile("c.srt", SRT.encode())}
    assert client.post(reverse("videos:put_caption", args=[video.pk]), sent).status_code == 404
    assert client.post(reverse("videos:retry", args=[video.pk])).status_code == 404


def test_how_much_of_a_film_is_covered_is_said_to_its_creator_by_language(ada: User, client: Client) -> None:
    client.force_login(ada)
    film = ready_video(ada, seconds=40)
    here = reverse("videos:film", args=[film.pk])
    assert "Many people watch without sound" in client.get(here).content.decode()
    lines = "1\n00:00:00,000 --> 00:00:20,000\nOne\n\n2\n00:00:10,000 --> 00:00:30,000\nTwo\n"
    captions.put(film, language="en", file=text_file(lines))
    # A machine's draft is not there for anybody yet; a line behind the film's end covers nothing of it.
    Caption.objects.draft(video=film, language="de", label="Deutsch", webvtt="WEBVTT\n\n", cues_count=0)
    captions.put(film, language="zh-Hans", file=text_file("1\n00:00:38,000 --> 00:01:20,000\n尾声\n"))
    page = client.get(here).content.decode()
    assert "Captions cover: English 75\u00a0%, " in page
    assert "5\u00a0%." in page
    assert "Deutsch 0" not in page
