"""Editing cues: the text of the form, its mistakes, shifts, two editors at once, and what is hard to read."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.videos.films import ready_video, text_file
from videos import caption_editing, captions, cues
from videos.caption_editing import Asked
from videos.cues import Cue
from videos.models import Caption
from videos.models.caption import CaptionChanged

SRT = "1\n00:00:01,000 --> 00:00:02,500\nHello & you\n\n2\n00:00:03,000 --> 00:00:04,000\n你好\n世界\n"


@pytest.fixture
def caption(ada: User) -> Caption:
    return captions.put(ready_video(ada), language="en", file=text_file(SRT))


def asked(text: str, revision: int = 1, shift: str = "") -> Asked:
    return Asked.of({"cues": text, "revision": str(revision), "shift": shift})


def test_what_is_kept_is_read_back_as_it_was_said(caption: Caption) -> None:
    read = cues.read(caption.webvtt)
    assert read == [Cue(1000, 2500, "Hello & you"), Cue(3000, 4000, "你好\n世界")]
    assert cues.write(read) == caption.webvtt


def test_the_form_s_text_saved_unchanged_changes_nothing(caption: Caption) -> None:
    before, text = caption.webvtt, caption_editing.text_of(caption_editing.lines_of(caption))
    assert text == "0:01.000 --> 0:02.500\nHello & you\n\n0:03.000 --> 0:04.000\n你好\n世界"
    caption_editing.write(caption, asked(text))
    assert (caption.webvtt, caption.revision) == (before, 2)


def test_cues_are_sorted_and_mark_up_stays_out(caption: Caption) -> None:
    caption_editing.write(caption, asked("1:00:00 --> 1:00:02.5\n<b>Late</b> --> x\r\n\r\n0:05 --> 0:06\nEarly"))
    assert cues.read(caption.webvtt) == [Cue(5000, 6000, "Early"), Cue(3_600_000, 3_602_500, "Late --> x")]
    assert "<b>" not in caption.webvtt
    assert caption.webvtt.count("-->") == 2


@pytest.mark.parametrize(("shift", "starts"), [("1.5", [2500, 4500]), ("-2", [0, 1000]), ("+0,25", [1250, 3250])])
def test_all_are_shifted_and_what_would_begin_before_the_film_is_cut_there(
    caption: Caption, shift: str, starts: list[int]
) -> None:
    text = caption_editing.text_of(caption_editing.lines_of(caption))
    caption_editing.write(caption, asked(text, shift=shift))
    assert [cue.start_ms for cue in cues.read(caption.webvtt)] == starts


def test_each_mistake_is_named_by_its_cue(caption: Caption) -> None:
    wrong = asked("no times here\n\n0:05 --> 0:04\nbackwards\n\n99:00:00 --> 99:00:01\nlate", shift="soon")
    said = " ".join(wrong.mistakes(caption.video))
    for part in ("seconds, as 1.5", "Cue 1: it begins with its times", "Cue 2: it ends before", "Cue 3: it is later"):
        assert part in said
    assert asked("").mistakes(caption.video)


def test_of_two_editors_the_second_is_told_and_overwrites_nothing(caption: Caption) -> None:
    caption_editing.write(caption, asked("0:01 --> 0:02\nFirst"))
    with pytest.raises(CaptionChanged):
        caption_editing.write(caption, asked("0:01 --> 0:02\nSecond", revision=1))
    captions.put(caption.video, language="en", file=text_file(SRT))
    with pytest.raises(CaptionChanged):
        caption_editing.write(caption, asked("0:01 --> 0:02\nThird", revision=2))
    assert "Hello" in Caption.objects.get().webvtt


def test_what_is_hard_to_read_is_said_and_forbids_nothing() -> None:
    fast = Cue(0, 500, "This is far too much for half a second")
    assert "Too fast" in caption_editing.hints_for(fast, None)[0]
    assert caption_editing.hints_for(Cue(0, 3000, "今天我们学习光"), None) == []
    assert "Too fast" in caption_editing.hints_for(Cue(0, 500, "今天我们学习光"), None)[0]
    long = Cue(0, 9000, "A line that is a good deal longer than forty-two letters")
    assert ["42" in hint for hint in caption_editing.hints_for(long, None)] == [True]
    assert "next cue" in caption_editing.hints_for(Cue(0, 2000, "a"), Cue(1000, 3000, "b"))[0]


def test_a_creator_edits_on_a_page_and_a_mistake_keeps_her_words(caption: Caption, ada: User, client: Client) -> None:
    client.force_login(ada)
    page = reverse("videos:edit_caption", args=[caption.video_id, "en"])
    assert "Hello &amp; you" in client.get(page).content.decode()
    wrong = client.post(page, {"cues": "0:05 --> 0:04\nMy words", "revision": "1"})
    assert wrong.status_code == 422
    assert "My words" in wrong.content.decode()
    assert client.post(page, {"cues": "0:01 --> 0:02\nMy words", "revision": "1"}).url == page
    assert Caption.objects.get().webvtt == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nMy words\n"


def test_who_saves_after_another_keeps_her_words_and_may_put_them_in_its_place(
    caption: Caption, ada: User, client: Client
) -> None:
    client.force_login(ada)
    page = reverse("videos:edit_caption", args=[caption.video_id, "en"])
    client.post(page, {"cues": "0:01 --> 0:02\nMy words", "revision": "1"})
    late = client.post(page, {"cues": "0:01 --> 0:02\nOther words", "revision": "1"})
    said = late.content.decode()
    assert (late.status_code, "Other words" in said, "My words" in said) == (409, True, False)
    assert "saved from another window meanwhile" in said
    assert 'name="revision" value="2"' in said
    assert "My words" in Caption.objects.get().webvtt
    assert client.post(page, {"cues": "0:01 --> 0:02\nOther words", "revision": "2"}).status_code == 302
    assert "Other words" in Caption.objects.get().webvtt


def test_a_shift_that_would_lose_words_is_refused_and_loses_none(caption: Caption, ada: User, client: Client) -> None:
    text = caption_editing.text_of(caption_editing.lines_of(caption))
    assert asked(text, shift="-2.6").mistakes(caption.video) == [
        "With this shift 1 cue would lie before the film begins. Remove it first, or shift by less."
    ]
    assert asked(text, shift="-2.4").mistakes(caption.video) == []
    client.force_login(ada)
    before = caption.webvtt
    page = reverse("videos:edit_caption", args=[caption.video_id, "en"])
    answer = client.post(page, {"cues": text, "revision": "1", "shift": "-9999"})
    assert (answer.status_code, 'value="-9999"' in answer.content.decode()) == (422, True)
    assert "2 cues would lie before" in answer.content.decode()
    assert Caption.objects.get().webvtt == before


def test_captions_are_begun_beside_the_film_and_nothing_is_kept_before_they_are_saved(
    ada: User, client: Client
) -> None:
    film = ready_video(ada)
    client.force_login(ada)
    start = reverse("videos:write_caption", args=[film.pk])
    assert start in client.get(reverse("videos:film", args=[film.pk])).content.decode()
    page = reverse("videos:edit_caption", args=[film.pk, "zh-Hans"])
    assert client.get(start, {"language": "zh-Hans"}).url == page
    assert client.get(start, {"language": "tlh"}).url == reverse("videos:film", args=[film.pk])
    opened = client.get(page).content.decode()
    assert "0:00.000 --&gt; 0:02.000" in opened
    assert not Caption.objects.exists()
    assert client.post(page, {"cues": "0:00 --> 0:02\n", "revision": "0"}).status_code == 422
    assert client.post(page, {"cues": "0:00 --> 0:02\n你好", "revision": "0"}).url == page
    written = Caption.objects.get()
    assert (written.language, written.label, written.cues_count) == ("zh-Hans", captions.name_of("zh-Hans"), 1)
    assert (written.is_draft, written.is_machine_made) == (False, False)
    assert client.get(reverse("videos:edit_caption", args=[film.pk, "tlh"])).status_code == 404


def test_of_two_who_begin_them_the_second_is_told_and_overwrites_nothing(ada: User) -> None:
    film = ready_video(ada)
    first, second = (caption_editing.caption_of(film, "en") for _ in range(2))
    caption_editing.write(first, asked("0:00 --> 0:02\nFirst", revision=0))
    with pytest.raises(CaptionChanged):
        caption_editing.write(second, asked("0:00 --> 0:02\nSecond", revision=0))
    assert "First" in Caption.objects.get().webvtt


def test_a_film_of_hours_fits_the_form(caption: Caption, ada: User, client: Client) -> None:
    client.force_login(ada)
    text = "\n\n".join(
        f"{caption_editing.shown(n * 2000)} --> {caption_editing.shown(n * 2000 + 1500)}\nLine {n}" for n in range(6000)
    )
    page = reverse("videos:edit_caption", args=[caption.video_id, "en"])
    assert client.post(page, {"cues": text, "revision": "1"}).status_code == 302
    assert Caption.objects.get().cues_count == 6000
