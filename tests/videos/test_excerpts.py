"""Excerpts: a piece of a film as small files of its own, cut in time and framed, with its captions and its poster."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from marketplace.lib import work
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from tests.videos.films import folder_of, make_film, ready_video, text_file, transcoded
from videos import captions, cues, excerpting, fence, playback, probing, shelves, uploading
from videos.models import Excerpt, ExcerptHalt, Video
from videos.models.excerpt import CannotRetryCut, NotBeingCut, NothingToCut

SECONDS = 20


@pytest.fixture(scope="module")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty seconds, black until the tenth and white from there on; a tone from the tenth second on."""
    path = tmp_path_factory.mktemp("excerpts") / "long.mp4"
    two = "color=black:s=426x240:r=25:d=10[a];color=white:s=426x240:r=25:d=10[b];[a][b]concat=n=2[v]"
    tone = "aevalsrc='if(gte(t,10),0.3*sin(2*PI*440*t),0)':d=20:s=48000[s]"
    command = [fence.ffmpeg(), "-nostdin", "-y", "-loglevel", "error", "-filter_complex", f"{two};{tone}"]
    command += ["-map", "[v]", "-map", "[s]", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", str(path)]
    subprocess.run(command, check=True, timeout=60)
    return path


@pytest.fixture
def video(ada: User, long_film: Path) -> Video:
    return transcoded(ada, long_film)


def ask(video: Video, by: User, **changes: Any) -> Excerpt:
    facts: dict[str, Any] = {
        "name": "The change", "page": "/studio/", "start_ms": 6_000, "end_ms": 15_000, "shape": "vertical",
        "fit": "crop", "center": 500, **changes,
    }  # fmt: skip
    return Excerpt.objects.ask(video=video, key=facts.pop("key", "a"), by=by, **facts)[0]


def carry_out(row: Excerpt) -> Excerpt:
    work.run(Excerpt, row.pk, excerpting.carry_out)
    row.refresh_from_db()
    return row


def file_of(row: Excerpt, name: str) -> Path:
    return shelves.film_folder(row.asset, row.output) / name


def brightness(file: Path, at_s: float) -> float:
    """Mean brightness of the frame at that second, 0 to 255."""
    command = [fence.ffmpeg(), "-nostdin", "-loglevel", "error", "-ss", str(at_s), "-i", str(file), "-frames:v", "1"]
    found = subprocess.run([*command, "-f", "rawvideo", "-pix_fmt", "gray", "-"], capture_output=True, timeout=30)
    return sum(found.stdout) / len(found.stdout)


def loudness(file: Path, at_s: float) -> int:
    """The loudest sample within half a second from there on."""
    command = [fence.ffmpeg(), "-nostdin", "-loglevel", "error", "-ss", str(at_s), "-t", "0.5", "-i", str(file)]
    found = subprocess.run([*command, "-f", "s16le", "-ac", "1", "-"], capture_output=True, timeout=30)
    samples = [
        int.from_bytes(found.stdout[at : at + 2], "little", signed=True) for at in range(0, len(found.stdout), 2)
    ]
    return max(map(abs, samples), default=0)


class TestCutting:
    def test_picture_and_sound_change_at_the_same_moment_and_where_the_film_does(self, video: Video, ada: User) -> None:
        row = carry_out(ask(video, ada))
        assert (row.state, row.percent, row.failure_code) == ("ready", 100, "")
        assert (row.width, row.height, row.rungs, row.has_sound) == (134, 238, [134], True)
        file = file_of(row, "v134.mp4")
        # The film changes at its tenth second, four seconds into the clip.
        assert brightness(file, 3.9) < 40 < 200 < brightness(file, 4.05)
        assert loudness(file, 3.4) < 300 < 3000 < loudness(file, 4.1)
        assert file_of(row, "poster.jpg").read_bytes()[:3] == b"\xff\xd8\xff"
        assert not list((shelves.root() / "jobs").iterdir())

    def test_what_came_out_is_as_long_as_was_asked_for(self, video: Video, ada: User, tmp_path: Path) -> None:
        row = carry_out(ask(video, ada, start_ms=1_300, end_ms=19_870, shape="horizontal"))
        (tmp_path / "in.bin").write_bytes(file_of(row, f"v{row.rungs[-1]}.mp4").read_bytes())
        source = probing.probe(tmp_path).source
        assert (source.width, source.height) == (424, 238)
        assert abs(source.duration_ms - 18_570) < 100

    def test_the_whole_picture_stands_before_a_darker_ground(self, video: Video, ada: User) -> None:
        row = carry_out(ask(video, ada, fit="bars"))
        assert (row.width, row.height) == (426, 758)
        assert row.rungs == [360, 426]
        assert 100 < brightness(file_of(row, "v426.mp4"), 6) < 250

    def test_a_film_without_sound_can_be_cut(self, ada: User, tmp_path: Path) -> None:
        silent = transcoded(ada, make_film(tmp_path / "silent.mp4", seconds=8, sound=False))
        row = carry_out(ask(silent, ada, start_ms=0, end_ms=7_000))
        assert (row.state, row.has_sound) == ("ready", False)

    def test_a_film_whose_pieces_are_gone_fails_with_a_reason_and_a_mail(self, video: Video, ada: User) -> None:
        for piece in folder_of(video).glob("v*/s*.m4s"):
            piece.unlink()
        row = carry_out(ask(video, ada))
        assert (row.state, row.failure_code) == ("failed", "film_gone")
        assert Mail.objects.get(key__startswith=f"videos.excerpt_failed:{row.pk}").to == ada.email
        row.retry(ada)
        assert row.state == "waiting"

    def test_its_asker_is_mailed_when_it_is_ready(self, video: Video, ada: User) -> None:
        row = carry_out(ask(video, ada, page="/studio/courses/x/clips/"))
        mail = Mail.objects.get(key__startswith=f"videos.excerpt_ready:{row.pk}")
        assert "/studio/courses/x/clips/" in mail.text
        assert "The change" in mail.subject

    def test_files_of_our_own_are_all_that_a_folder_holds(self, video: Video, ada: User) -> None:
        row = carry_out(ask(video, ada))
        names = {file.name for file in file_of(row, "").iterdir()}
        assert names == {"v134.mp4", "poster.jpg"}
        assert all(playback.FILE.fullmatch(name) for name in names)


class TestAsking:
    def test_the_same_key_is_the_same_excerpt(self, ada: User) -> None:
        video = ready_video(ada, seconds=60)
        assert ask(video, ada).pk == ask(video, ada, name="Other words").pk
        assert ask(video, ada, key="b").pk != ask(video, ada).pk

    def test_the_database_keeps_one_a_key(self, ada: User) -> None:
        video = ready_video(ada, seconds=60)
        first = ask(video, ada)
        with pytest.raises(IntegrityError), transaction.atomic():
            Excerpt.objects.create(
                video=video, key=first.key, name="x", page="/", start_ms=0, end_ms=9, shape="vertical", fit="crop",
                asked_by=ada,
            )  # fmt: skip

    def test_somebody_else_s_film_and_one_that_is_not_ready_are_refused(self, ada: User, cole: User) -> None:
        video = ready_video(ada, seconds=60)
        with pytest.raises(NotAllowed):
            ask(video, cole)
        Video.objects.filter(pk=video.pk).update(has_video=False)
        video.refresh_from_db()
        with pytest.raises(NothingToCut):
            ask(video, ada)


class TestStopping:
    def test_a_worker_that_has_it_is_stopped_and_says_so(self, video: Video, ada: User) -> None:
        row = ask(video, ada)
        held: Any = Excerpt.claim(row.pk)
        row.cancel(ada)
        assert row.state == "cancelled"
        with pytest.raises(work.LeaseLost):
            held.note_progress(50)
        assert ExcerptHalt.objects.get().by == ada
        assert not Mail.objects.filter(key__contains=str(row.pk)).exists()

    def test_it_can_be_asked_for_anew(self, video: Video, ada: User) -> None:
        row = ask(video, ada)
        row.cancel(ada)
        row.retry(ada)
        assert ExcerptHalt.objects.get().ended_by == ada
        assert carry_out(row).state == "ready"
        with pytest.raises(CannotRetryCut):
            row.retry(ada)
        with pytest.raises(NotBeingCut):
            row.cancel(ada)

    def test_after_three_deaths_it_has_failed_and_says_so(self, video: Video, ada: User) -> None:
        row = ask(video, ada)
        for _death in range(3):
            assert Excerpt.claim(row.pk)
            Excerpt.objects.filter(pk=row.pk).update(lease_until=row.asked_at)
        assert Excerpt.claim(row.pk) is None
        row.refresh_from_db()
        assert (row.state, row.failure_code) == ("failed", "cut_failed")


class TestPlaying:
    def test_its_owner_plays_it_and_a_stranger_does_not(self, video: Video, ada: User, client: Client) -> None:
        row = carry_out(ask(video, ada))
        mine = playback.file_url(row, playback.viewer_of(ada), "v134.mp4")
        answer = client.get(mine, headers={"Range": "bytes=0-99"})
        assert (answer.status_code, answer["Content-Type"]) == (206, "video/mp4")
        assert client.get(playback.file_url(row, "anon", "v134.mp4")).status_code == 403

    def test_its_captions_are_those_of_the_film_on_its_own_clock(self, video: Video, ada: User, client: Client) -> None:
        lines = [(1_000, 5_000, "before"), (5_000, 7_000, "into"), (8_000, 9_500, "within"), (14_000, 18_000, "out")]
        words = cues.write(cues.Cue(*line) for line in lines)
        captions.put(video, language="en", file=text_file(words))
        row = carry_out(ask(video, ada))
        told = client.get(playback.file_url(row, playback.viewer_of(ada), "captions/en.vtt")).content.decode()
        assert [(cue.start_ms, cue.end_ms, cue.text) for cue in cues.read(told)] == [
            (0, 1_000, "into"), (2_000, 3_500, "within"), (8_000, 9_000, "out"),
        ]  # fmt: skip

    def test_with_its_film_it_goes_files_and_all(
        self, video: Video, ada: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        row = carry_out(ask(video, ada))
        assert file_of(row, "v134.mp4").is_file()
        with django_capture_on_commit_callbacks(execute=True):
            uploading.remove_film(video, video.owner)
        assert not Excerpt.objects.exists()
        assert not (shelves.root() / "films" / str(row.asset)).exists()
