"""Captions by a machine: off unless a plug-in is named; then a draft that its owner checks and publishes."""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from marketplace.lib import work
from marketplace.lib.emails import Mail
from tests.videos.films import ready_video, text_file, transcoded
from videos import captions, cues, playback, shelves, speech, transcribing
from videos.models import Caption, Transcription, Video
from videos.models.transcription import AlreadyAsked, CaptionsThere, NothingToHear
from videos.speech import BadAnswer
from videos.transcribing import NotOffered

LISTENER = "tests.videos.listener"


@pytest.fixture
def listens(settings: object) -> None:
    settings.KEZHAN_TRANSCRIBER = f"{LISTENER}.transcribe"  # type: ignore[attr-defined]


@pytest.fixture
def studio(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def carry_out(row: Transcription) -> Transcription:
    work.run(Transcription, row.pk, transcribing.carry_out)
    row.refresh_from_db()
    return row


def test_without_a_plug_in_nothing_is_offered(studio: Client, ada: User) -> None:
    film = ready_video(ada)
    assert "machine write" not in studio.get(reverse("videos:film", args=[film.pk])).content.decode()
    with pytest.raises(NotOffered):
        transcribing.ask(film, "en", ada)
    assert studio.post(reverse("videos:transcribe", args=[film.pk]), {"language": "en"}).status_code == 404


@pytest.mark.usefixtures("listens")
def test_a_film_is_heard_and_its_owner_checks_the_draft_and_publishes_it(studio: Client, ada: User, film: Path) -> None:
    video = transcoded(ada, film)
    here = reverse("videos:film", args=[video.pk])
    assert "machine write" in studio.get(here).content.decode()
    studio.post(reverse("videos:transcribe", args=[video.pk]), {"language": "en", "next": here})
    assert "The machine listens" in studio.get(here).content.decode()
    assert carry_out(Transcription.objects.get()).outcome == "draft"
    draft = Caption.objects.get()
    heard = cues.read(draft.webvtt)
    assert {cue.text for cue in heard} == {"a tone, in en"}
    assert heard[0].start_ms == 0
    assert len(heard) in (3, 4)  # the encoder's last block may reach over a second
    assert heard[-1].end_ms <= (video.duration_ms or 0)
    assert (draft.is_draft, draft.is_machine_made) == (True, True)
    assert not list((shelves.root() / "jobs").glob("*speech*"))
    mail = Mail.objects.get(key=f"videos.transcribed:{Transcription.objects.get().pk}")
    assert reverse("videos:edit_caption", args=[video.pk, "en"]) in mail.text
    # Nobody else sees it: neither in a list of tracks nor under its address.
    assert playback.caption_tracks(video, "anon") == []
    address = playback.file_url(video, playback.viewer_of(ada), "captions/en.vtt")
    assert studio.get(address).status_code == 404
    assert "made by machine, not checked" in studio.get(here).content.decode()
    edit = reverse("videos:edit_caption", args=[video.pk, "en"])
    assert "made by machine, not checked" in studio.get(edit).content.decode()
    studio.post(edit, {"cues": "0:01 --> 0:02\nA tone.", "revision": "1", "shift": ""})
    draft.refresh_from_db()
    assert draft.is_draft
    studio.post(reverse("videos:publish_caption", args=[video.pk, "en"]))
    assert "A tone." in studio.get(address).content.decode()
    draft.refresh_from_db()
    assert (draft.is_draft, draft.is_machine_made) == (False, True)
    assert [one["language"] for one in playback.caption_tracks(Video.objects.get(), "anon")] == ["en"]


@pytest.mark.usefixtures("listens")
class TestAsking:
    def test_needs_sound_and_a_language_without_captions_and_happens_once(self, ada: User) -> None:
        film = ready_video(ada)
        captions.put(film, language="fr", file=text_file("1\n00:00:01,000 --> 00:00:02,000\nOui\n"))
        with pytest.raises(CaptionsThere):
            transcribing.ask(film, "fr", ada)
        transcribing.ask(film, "en", ada)
        with pytest.raises(AlreadyAsked):
            transcribing.ask(film, "de", ada)
        for deaf in (Video.objects.begin(owner=ada, name="new.mp4", size=9), ready_video(ada)):
            Video.objects.filter(pk=deaf.pk).update(has_audio=False)
            with pytest.raises(NothingToHear):
                transcribing.ask(deaf, "en", ada)

    def test_over_the_api(self, ada: User, cole: User) -> None:
        film, api = ready_video(ada), APIClient()
        here = reverse("api-video-transcriptions", args=[film.pk])
        api.force_authenticate(cole)
        assert api.post(here, {"language": "en"}).status_code == 404
        api.force_authenticate(ada)
        assert api.post(here, {"language": "no such"}).status_code == 400
        made = api.post(here, {"language": "en"})
        assert (made.status_code, made.json()["is_open"], made.json()["outcome"]) == (202, True, "")
        Caption.objects.draft(video=film, language="en", label="English", webvtt="WEBVTT\n\n", cues_count=0)
        told = api.get(reverse("api-video", args=[film.pk])).json()["captions"]
        assert told == [{"language": "en", "label": "English", "is_draft": True}]
        told = api.post(reverse("api-video-caption-publish", args=[film.pk, "en"])).json()["captions"]
        assert (told[0]["is_draft"], "captions/en.vtt" in told[0]["url"]) == (False, True)

    def test_what_its_owner_sent_meanwhile_stays(self, ada: User, film: Path) -> None:
        video = transcoded(ada, film)
        row = transcribing.ask(video, "en", ada)
        captions.put(video, language="en", file=text_file("1\n00:00:01,000 --> 00:00:02,000\nMine\n"))
        assert carry_out(row).outcome == "not_needed"
        assert "Mine" in Caption.objects.get().webvtt

    def test_switched_off_again_it_waits_untried(self, ada: User, settings: object) -> None:
        row = transcribing.ask(ready_video(ada), "en", ada)
        settings.KEZHAN_TRANSCRIBER = ""  # type: ignore[attr-defined]
        carry_out(row)
        assert (row.is_open, row.attempts, row.outcome) == (True, 0, "")


class TestThePlugIn:
    def test_that_hears_nothing_leaves_no_captions(self, ada: User, film: Path, settings: object) -> None:
        settings.KEZHAN_TRANSCRIBER = f"{LISTENER}.deaf"  # type: ignore[attr-defined]
        row = carry_out(transcribing.ask(transcoded(ada, film), "en", ada))
        assert row.outcome == "nothing_said"
        assert not Caption.objects.exists()

    def test_that_fails_three_times_is_given_up_and_said_so(
        self, studio: Client, ada: User, film: Path, settings: object
    ) -> None:
        settings.KEZHAN_TRANSCRIBER = f"{LISTENER}.confused"  # type: ignore[attr-defined]
        video = transcoded(ada, film)
        row = transcribing.ask(video, "en", ada)
        for _try in range(3):
            Transcription.objects.update(due_at=row.asked_at)
            with pytest.raises(BadAnswer):
                work.run(Transcription, row.pk, transcribing.carry_out)
        row.refresh_from_db()
        assert (row.outcome, row.is_open) == ("failed", False)
        assert "could not do it" in studio.get(reverse("videos:film", args=[video.pk])).content.decode()
        transcribing.ask(video, "en", ada)  # a person may ask again

    def test_may_listen_while_the_hourly_sweep_goes_round(self, ada: User, film: Path, settings: object) -> None:
        settings.KEZHAN_TRANSCRIBER = f"{LISTENER}.swept"  # type: ignore[attr-defined]
        assert carry_out(transcribing.ask(transcoded(ada, film), "en", ada)).outcome == "draft"

    @pytest.mark.parametrize(
        "line", [(1, 0, "x"), (float("nan"), 1, "x"), ("soon", 1, "x"), (1,), None, (0, float("inf"), "x")]
    )
    def test_must_answer_in_lines(self, line: object) -> None:
        with pytest.raises(BadAnswer):
            speech.cues_of([line], 10.0)  # type: ignore[list-item]

    def test_is_cut_to_the_film_and_sorted(self) -> None:
        heard = speech.cues_of([(8, 99, "late"), (-1, 2, "early"), (3, 4, " \n "), (50, 60, "after")], 10.0)
        assert [(one.start_ms, one.end_ms, one.text) for one in heard] == [(0, 2000, "early"), (8000, 10_000, "late")]

    def test_that_is_not_there_stops_the_start(self, settings: object) -> None:
        settings.KEZHAN_TRANSCRIBER = "tests.videos.listener.nobody"  # type: ignore[attr-defined]
        found = run_checks(app_configs=[apps.get_app_config("videos")])
        assert [error.id for error in found] == ["videos.E001"]
