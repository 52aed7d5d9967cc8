"""Who halts, adopts, ends and removes films takes the same rows in the same order: no two wait for each other."""

from collections.abc import Callable
from contextlib import nullcontext
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError, transaction

from accounts.models import User
from tests.cast import person
from tests.faults.meeting import wait_for_somebody_behind
from tests.payments.crowd import at_once, locks_removed
from tests.videos.films import ready_video, text_file, upload_of
from videos import captions, halting, remaking, replacing, uploading
from videos.models import RemadeFilm, Remaking, Replacement, Video, VideoChunk
from videos.models.making import NotInConversion
from videos.models.remaking import RemadeFilmQuerySet
from videos.models.replacement import ReplacementQuerySet
from videos.models.video import VideoNotSettled

pytestmark = pytest.mark.django_db(transaction=True)
ADOPTED = {"output": "1-abc", "duration_ms": 1000, "bytes_by_rung": {}}


def told(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except OperationalError as error:
        return str(error)


def both(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    return at_once(lambda n: told((first, second)[n]), 2)


class TestAFilmThatIsStoppedWhileItIsAdopted:
    """It is made in one piece, and its first look is still to come."""

    def both(self, ada: User, *, is_held: bool) -> list[Any]:
        upload_of(ada, b"x")
        Video.objects.update(state="transcoding")
        film = Video.claim(Video.objects.get().pk)
        assert film is not None
        chunk = {"kind": "preview", "rungs": ["v240"], "length_s": 8, "weight": 1}
        VideoChunk.objects.put(film, [chunk])
        is_inside = Event()

        def adopt() -> None:
            with film.fenced() as held:
                is_inside.set()
                wait_for_somebody_behind()
                held.adopt(**ADOPTED)

        def stop() -> None:
            assert is_inside.wait(timeout=10)
            with nullcontext() if is_held else locks_removed():
                halting.cancel(Video.objects.get(), ada)

        return both(adopt, stop)

    def test_it_is_ready_and_who_stops_it_is_told(self, ada: User) -> None:
        adopted, stopped = self.both(ada, is_held=True)
        assert (adopted, type(stopped)) == (None, NotInConversion)
        assert Video.objects.get().is_ready
        assert not VideoChunk.objects.exists()

    def test_chunks_before_the_film_each_would_wait_for_the_other(self, ada: User) -> None:
        assert "deadlock" in str(self.both(ada, is_held=False))


class TestAFilmThatIsHaltedWhileAChunkOfItIsGivenUp:
    def both(self, ada: User) -> list[Any]:
        upload_of(ada, b"x")
        Video.objects.update(state="transcoding")
        VideoChunk.objects.put(
            Video.objects.get(), [{"kind": "picture", "rungs": ["v240"], "length_s": 8, "weight": 1}]
        )
        chunk = VideoChunk.objects.get()
        VideoChunk.objects.update(attempts=VideoChunk.MAX_ATTEMPTS)
        is_inside = Event()

        def halt() -> None:
            """In the order of who halts a film."""
            with transaction.atomic():
                Video.objects.select_for_update(no_key=True).get()
                is_inside.set()
                wait_for_somebody_behind()
                VideoChunk.objects.update(percent=1)

        def give_up() -> None:
            assert is_inside.wait(timeout=10)
            assert VideoChunk.claim(chunk.pk) is None

        return both(halt, give_up)

    def test_both_come_to_their_end(self, ada: User) -> None:
        assert self.both(ada) == [None, None]
        assert VideoChunk.objects.hopeless().count() == 1
        assert Video.due_work().exists()

    def test_woken_while_the_chunk_is_held_each_would_wait_for_the_other(
        self, ada: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(VideoChunk, "on_dead", lambda chunk: chunk.video.wake())
        assert "deadlock" in str(self.both(ada))


class TestAFilmThatIsRemovedWhileAConversionOfManyIsEnded:
    def both(self, ada: User, monkeypatch: pytest.MonkeyPatch, *, is_held: bool) -> list[Any]:
        max_, film = person("Max", role="admin"), ready_video(ada)
        Video.objects.update(rules=0)
        row = Remaking.objects.ask(by=max_, films="rules", reason="Better rules")
        remaking.carry_out(Remaking.claim(row.pk))
        assert row.copies().count() == 1
        is_inside, end = Event(), RemadeFilmQuerySet.end

        def end_slowly(items: RemadeFilmQuerySet, *why: str) -> None:
            is_inside.set()
            wait_for_somebody_behind()
            end(items, *why)

        monkeypatch.setattr(RemadeFilmQuerySet, "end", end_slowly)

        def remove() -> bool:
            assert is_inside.wait(timeout=10)
            with nullcontext() if is_held else locks_removed():
                return uploading.remove_film(film, ada)

        return both(lambda: row.end(max_), remove)

    def test_both_come_to_their_end(self, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.both(ada, monkeypatch, is_held=True) == [None, True]
        assert not Video.objects.exists()
        item = RemadeFilm.objects.get()
        assert (item.film, item.outcome, item.code) == (None, "skipped", "ended")

    def test_without_the_film_held_each_waits_for_the_other(self, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
        assert "deadlock" in str(self.both(ada, monkeypatch, is_held=False))

    def test_and_so_does_who_ends_it_without_its_films_held(self, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Remaking, "_held_copies", Remaking.copies)
        assert "deadlock" in str(self.both(ada, monkeypatch, is_held=True))


class TestAFilmThatIsRemovedWhileItTakesTheOldOnesPlace:
    def both(self, ada: User, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
        old, new = ready_video(ada), ready_video(ada)
        captions.put(old, language="en", file=text_file("1\n00:00:01,000 --> 00:00:02,000\nHello\n"))
        row = Replacement.objects.begin(old=old, new=new, by=ada)
        is_inside, take_over = Event(), replacing._take_over

        def take_over_slowly(*told: Any) -> None:
            is_inside.set()
            wait_for_somebody_behind()
            take_over(*told)

        monkeypatch.setattr(replacing, "_take_over", take_over_slowly)

        def remove() -> bool:
            assert is_inside.wait(timeout=10)
            return uploading.remove_film(new, ada)

        return both(lambda: replacing.carry_out(row, shift_ms=0, drops=0).is_open, remove)

    def test_both_come_to_their_end(self, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.both(ada, monkeypatch) == [False, True]
        row = Replacement.objects.get()
        assert (row.new, row.carried_out_at is not None) == (None, True)

    def test_the_film_before_its_replacement_each_would_wait_for_the_other(
        self, ada: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ReplacementQuerySet, "hold", lambda rows: None)
        assert "deadlock" in str(self.both(ada, monkeypatch))


def test_a_conversion_whose_film_is_gone_is_ended_without_it(ada: User) -> None:
    film = Video.objects.begin_anew(ready_video(ada))
    stale = Video.objects.get(pk=film.pk)
    film.delete()
    with pytest.raises(NotInConversion):
        stale.cancel(ada)


def test_a_film_that_is_tried_again_meanwhile_is_not_removed(ada: User) -> None:
    upload_of(ada, b"x")
    halting.cancel(Video.objects.get(), ada)
    shown = Video.objects.get()
    halting.go_on(Video.objects.get(), ada)
    with pytest.raises(VideoNotSettled):
        uploading.remove_film(shown, ada)
    assert Video.objects.get().state == "uploaded"
