"""A first look at a film while the rest of it is encoded: what is there, for its creator alone."""

from pathlib import Path
from typing import Any

import av
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from marketplace.lib import work
from tests.videos.films import make_film, upload_of, work_off
from videos import first_look, halting, transcoding, turns
from videos.models import Video, VideoChunk


@pytest.fixture
def begun(ada: User, tmp_path: Path, settings: Any) -> Video:
    """A film with sound of which the first look is made and nothing else."""
    settings.KEZHAN_VIDEO_CHUNK_FROM_S, settings.KEZHAN_VIDEO_CHUNK_S = 8, 4
    film = make_film(tmp_path / "film.mp4", seconds=14, size=(640, 360))
    video = upload_of(ada, film.read_bytes()).video
    turns.work_on_next()
    turns.work_on_next()
    return Video.objects.get(pk=video.pk)


def get(client: Client, video: Video, file: str) -> Any:
    return client.get(reverse("videos:look", args=[video.pk, file]))


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_beginning_plays_with_picture_and_sound_before_anything_else_is_made(
    ada: User, client: Client, begun: Video, tmp_path: Path
) -> None:
    assert first_look.length_s(begun) == 4
    client.force_login(ada)
    master = get(client, begun, "master.m3u8").content.decode()
    assert "RESOLUTION=640x360" in master
    assert 'URI="sound/index.m3u8"' in master
    assert get(client, begun, "v360/index.m3u8").content.decode().endswith("s00000.m4s\n#EXT-X-ENDLIST\n")
    for rung, kind in (("v360", "video"), ("sound", "audio")):
        film = tmp_path / f"{rung}.mp4"
        film.write_bytes(b"".join(body(get(client, begun, f"{rung}/{name}")) for name in ("init.mp4", "s00000.m4s")))
        with av.open(str(film)) as container:
            assert container.streams[0].type == kind
            assert sum(1 for _ in container.decode(0)) >= 60


def test_it_grows_with_every_chunk_that_follows_once_the_sound_is_made(ada: User, client: Client, begun: Video) -> None:
    seen = []
    while VideoChunk.due_work().exists():
        turns.work_on_next()
        begun.refresh_from_db()
        seen.append(begun.look_s)
    assert seen == [4, 4, 8, 12, 14]
    client.force_login(ada)
    assert 'URI="a64/index.m3u8"' in get(client, begun, "master.m3u8").content.decode()
    assert get(client, begun, "v360/index.m3u8").content.decode().count("#EXTINF") == 4
    assert get(client, begun, "v360/s00002.m4s").status_code == 200


def test_a_chunk_behind_a_gap_is_not_shown(ada: User, begun: Video) -> None:
    turns.work_on_next()  # the sound
    VideoChunk.objects.filter(kind="picture", number__lt=2).update(due_at="2999-01-01T00:00Z")
    turns.work_on_next()
    assert list(begun.chunks.made().filter(kind="picture").values_list("number", flat=True)) == [2]
    assert Video.objects.get(pk=begun.pk).look_s == 4


def test_nobody_else_sees_it_and_no_other_file(ada: User, cole: User, client: Client, begun: Video) -> None:
    assert get(client, begun, "master.m3u8").status_code == 302
    client.force_login(cole)
    assert get(client, begun, "master.m3u8").status_code == 404
    client.force_login(ada)
    for file in ("v240/index.m3u8", "a128/index.m3u8", "v360/s00001.m4s", "../in.bin", "v360/../../in.bin", "in.bin"):
        assert get(client, begun, file).status_code == 404


def test_the_film_s_page_shows_it_and_its_state_leads_there(ada: User, client: Client, begun: Video) -> None:
    client.force_login(ada)
    page = client.get(reverse("videos:film", args=[begun.pk])).content.decode()
    assert reverse("videos:look", args=[begun.pk, "master.m3u8"]) in page
    assert "A first look: the beginning up to 0:04" in page
    assert "See the beginning" not in page  # it stands above already
    told = client.get(reverse("api-video", args=[begun.pk])).json()
    assert told["look_url"].endswith("/look/master.m3u8")


@pytest.fixture
def in_one_piece(ada: User, tmp_path: Path) -> Video:
    """A film that cannot be entered in the middle, probed and no more."""
    video = upload_of(ada, make_film(tmp_path / "film.ts", seconds=17, size=(640, 360)).read_bytes()).video
    turns.work_on_next()
    return Video.objects.get(pk=video.pk)


def test_a_film_in_one_piece_has_a_first_look_before_it_is_made(ada: User, client: Client, in_one_piece: Video) -> None:
    assert (in_one_piece.state, in_one_piece.is_in_chunks, first_look.length_s(in_one_piece)) == (
        "transcoding",
        False,
        0,
    )
    turns.work_on_next()
    begun = Video.objects.get(pk=in_one_piece.pk)
    assert (begun.state, begun.percent, first_look.length_s(begun)) == ("transcoding", 0, 8)
    client.force_login(ada)
    assert get(client, begun, "v360/index.m3u8").content.decode().count("#EXTINF") == 2
    assert get(client, begun, "v360/s00001.m4s").status_code == 200
    assert get(client, begun, "sound/s00000.m4s").status_code == 200
    turns.work_on_next()
    ready = Video.objects.get(pk=in_one_piece.pk)
    assert ready.is_ready
    assert not ready.chunks.exists()
    assert get(client, ready, "master.m3u8").status_code == 404


def test_a_look_that_cannot_be_made_does_not_hold_up_the_film(ada: User, in_one_piece: Video) -> None:
    look = turns.take()
    assert isinstance(look, VideoChunk)
    look.refuse("encoder_failed", "as a test wants it")
    work_off()
    assert Video.objects.get(pk=in_one_piece.pk).is_ready


def test_a_second_worker_makes_the_film_while_the_first_makes_its_look(ada: User, in_one_piece: Video) -> None:
    look, film = turns.take(), turns.take()
    assert isinstance(look, VideoChunk)
    assert film == in_one_piece
    work.carry_out(film, transcoding.transcode)
    with pytest.raises(work.LeaseLost):
        look.note_progress(50)
    assert Video.objects.get(pk=in_one_piece.pk).percent == 100


def test_a_film_that_is_ready_as_soon_as_a_look_would_be_has_none(ada: User, tmp_path: Path) -> None:
    video = upload_of(ada, make_film(tmp_path / "film.mp4", seconds=15, size=(64, 48)).read_bytes()).video
    turns.work_on_next()
    assert Video.objects.get(pk=video.pk).is_ready


def test_once_the_film_is_ready_the_look_is_over(ada: User, client: Client, begun: Video) -> None:
    work_off()
    client.force_login(ada)
    assert get(client, begun, "master.m3u8").status_code == 404
    assert client.get(reverse("api-video", args=[begun.pk])).json()["look_url"] is None


def test_a_film_that_is_begun_anew_and_paused_before_anybody_probed_it_offers_none(
    ada: User, client: Client, begun: Video
) -> None:
    client.force_login(ada)
    halting.cancel(begun, ada)
    halting.go_on(begun, ada)
    begun.pause(ada)
    begun.refresh_from_db()
    assert (begun.state, begun.look_s, first_look.address(begun)) == ("paused", 0, None)
    # As such films were written before the look went with its plan.
    Video.objects.filter(pk=begun.pk).update(look_s=8)
    assert client.get(reverse("videos:film", args=[begun.pk])).status_code == 200
    assert get(client, begun, "master.m3u8").status_code == 404
