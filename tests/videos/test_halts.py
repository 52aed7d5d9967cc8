"""Pausing and stopping a conversion: who, when, what is kept, and who may."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from rest_framework.test import APIClient

from accounts.models import User
from marketplace.lib import work
from marketplace.lib.emails import Mail
from tests.videos.films import make_film, ready_video, upload_of, work_off
from videos import chunking, halting, shelves, steps, turns, uploading
from videos.models import Video, VideoChunk, VideoHalt
from videos.models.making import NotInConversion


@pytest.fixture
def half_made(ada: User, tmp_path: Path, settings: Any) -> Video:
    """A film of which two chunks are made and others are not."""
    settings.KEZHAN_VIDEO_CHUNK_FROM_S, settings.KEZHAN_VIDEO_CHUNK_S = 8, 4
    film = make_film(tmp_path / "film.mp4", seconds=12, size=(160, 120))
    video = upload_of(ada, film.read_bytes()).video
    for _ in range(3):
        turns.work_on_next()
    video.refresh_from_db()
    assert video.chunks.made().count() == 2
    return video


def test_a_paused_film_keeps_what_is_made_and_goes_on_with_the_rest(ada: User, half_made: Video) -> None:
    made = set(half_made.chunks.made().values_list("output", flat=True))
    half_made.pause(ada)
    assert half_made.state == "paused"
    assert (half_made.halt.by, half_made.halt.kind) == (ada, "pause")
    assert work_off() == 0
    half_made.resume(ada)
    assert half_made.state == "transcoding"
    assert made == set(half_made.chunks.made().values_list("output", flat=True))
    work_off()
    half_made.refresh_from_db()
    assert half_made.is_ready
    halt = VideoHalt.objects.get()
    assert (halt.ended_by, halt.ended_at is not None) == (ada, True)


def test_a_worker_loses_a_chunk_whose_film_is_paused_and_leaves_nothing(ada: User, half_made: Video) -> None:
    chunk = turns.take()
    half_made.pause(ada)
    with pytest.raises(work.LeaseLost):
        chunking.make(chunk)
    assert not list((shelves.root() / "jobs").iterdir())
    assert len(list((shelves.root() / "chunks" / str(half_made.pk)).iterdir())) == 2
    half_made.resume(ada)
    with pytest.raises(work.LeaseLost):
        chunk.heartbeat()


def test_a_film_that_waits_can_be_paused_too(ada: User, film: Path) -> None:
    video = upload_of(ada, film.read_bytes()).video
    video.pause(ada)
    assert Video.claim(video.pk) is None
    video.resume(ada)
    work_off()
    assert Video.objects.get(pk=video.pk).is_ready


def test_a_stopped_film_is_made_by_nobody_until_it_is_asked_for_anew(
    ada: User, half_made: Video, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        halting.cancel(half_made, ada)
    assert (half_made.state, half_made.is_settled, half_made.can_retry) == ("cancelled", True, True)
    assert work_off() == 0
    assert not half_made.chunks.exists()
    assert not (shelves.root() / "chunks" / str(half_made.pk)).exists()
    assert not Mail.objects.exists()
    half_made.retry(ada)
    assert VideoHalt.objects.get().ended_by == ada
    work_off()
    assert Video.objects.get(pk=half_made.pk).is_ready


def test_a_stopped_film_can_be_removed_and_a_paused_one_only_once_it_is_stopped(ada: User, half_made: Video) -> None:
    half_made.pause(ada)
    with pytest.raises(Exception, match="still on its way"):
        uploading.remove_film(half_made, ada)
    halting.cancel(half_made, ada)
    uploading.remove_film(half_made, ada)
    assert not Video.objects.exists()


def test_what_is_not_being_converted_cannot_be_halted(ada: User) -> None:
    video = ready_video(ada)
    for act in (video.pause, video.resume, video.cancel):
        with pytest.raises(NotInConversion):
            act(ada)
    assert not VideoHalt.objects.exists()


def test_a_film_has_one_standing_halt(ada: User, half_made: Video) -> None:
    half_made.pause(ada)
    with pytest.raises(NotInConversion):
        half_made.pause(ada)
    with pytest.raises(IntegrityError, match="one_standing_halt"), transaction.atomic():
        VideoHalt.objects.create(video=half_made, kind="cancel", by=ada)


def test_steps_of_a_halted_film_stand_still(ada: User, half_made: Video) -> None:
    half_made.pause(ada)
    assert "active" not in {step.state for step in steps.of(half_made)}
    assert "failed" not in {step.state for step in steps.of(half_made)}


def kept_until(video: Video) -> datetime:
    video.refresh_from_db()
    assert video.kept_until
    assert video.finished_at
    assert video.kept_until - video.finished_at == timedelta(days=7)
    return video.kept_until


def test_its_creator_halts_it_on_the_page_and_over_the_api_and_nobody_else(
    ada: User, cole: User, client: Client, half_made: Video
) -> None:
    client.force_login(cole)
    assert client.post(reverse("videos:pause", args=[half_made.pk])).status_code == 404
    client.force_login(ada)
    page = reverse("videos:film", args=[half_made.pk])
    assert client.post(reverse("videos:pause", args=[half_made.pk]), {"next": page}).headers["Location"] == page
    assert "Paused since" in client.get(page).content.decode()
    assert client.post(reverse("videos:pause", args=[half_made.pk])).status_code == 409
    api = APIClient()
    api.force_authenticate(ada)
    told = api.post(reverse("api-video-resume", args=[half_made.pk])).json()
    assert (told["state"], told["can_pause"], told["halt"]) == ("transcoding", True, None)
    told = api.post(reverse("api-video-pause", args=[half_made.pk])).json()
    assert (told["state"], told["can_resume"], told["halt"]["kind"]) == ("paused", True, "pause")
    told = api.post(reverse("api-video-cancel", args=[half_made.pk])).json()
    assert (told["state"], told["can_retry"], told["can_cancel"]) == ("cancelled", True, False)
    assert "Stopped on" in client.get(page).content.decode()
    assert f"is kept until {date_format(localtime(kept_until(half_made)))}" in client.get(page).content.decode()
    assert api.post(reverse("api-video-cancel", args=[half_made.pk])).status_code == 409
    assert VideoChunk.objects.count() == 0
