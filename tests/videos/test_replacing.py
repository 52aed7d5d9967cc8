"""A film in the place of another: what is moved and dropped, who may ask, and what the database holds on to."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from tests.videos.films import ready_video, text_file
from videos import captions, chapters, cues, moving, replacing
from videos.cues import Cue
from videos.models import Replacement, Video
from videos.models.replacement import ReplacementClosed, SameFilm
from videos.replacing import NewFilmNotReady, WouldLoseMore

SRT = "1\n00:00:01,000 --> 00:00:03,000\nHello\n\n2\n00:00:50,000 --> 00:00:55,000\nGoodbye\n"


@pytest.fixture
def old(ada: User) -> Video:
    film = ready_video(ada, seconds=60, name="old.mp4")
    captions.put(film, language="en", file=text_file(SRT))
    chapters.put(film, [(0, "Begin"), (20_000, "Middle"), (52_000, "End")])
    return film


@pytest.fixture
def new(ada: User) -> Video:
    return ready_video(ada, seconds=51, name="new.mp4")


class TestMoving:
    def test_moves_cuts_and_names_what_has_no_place(self) -> None:
        said = [Cue(0, 1000, "a"), Cue(1500, 4000, "b"), Cue(9000, 12_000, "c"), Cue(11_000, 13_000, "d")]
        assert moving.cues(said, -2000, 8000) == ([Cue(0, 2000, "b"), Cue(7000, 8000, "c")], [said[0], said[3]])

    @pytest.mark.parametrize(
        ("shift", "moved", "dropped"),
        [
            (0, [(0, "a"), (20_000, "b")], [(52_000, "c")]),
            (-19_500, [(500, "b"), (32_500, "c")], [(0, "a")]),
            (-10_000, [(0, "a"), (10_000, "b"), (42_000, "c")], []),
            (5_000, [(5_000, "a"), (25_000, "b")], [(52_000, "c")]),
        ],
    )
    def test_a_chapter_whose_beginning_is_cut_away_begins_with_the_film(
        self, shift: int, moved: Any, dropped: Any
    ) -> None:
        assert moving.chapters([(0, "a"), (20_000, "b"), (52_000, "c")], shift, 51_000) == (moved, dropped)

    @pytest.mark.parametrize(
        ("old_s", "new_s", "shift_s", "keeps"),
        [(60, 51, 0, True), (60, 49, 0, False), (600, 545, 0, True), (600, 530, 0, False), (600, 720, 120, True),
         (0, 60, 0, False)],
    )  # fmt: skip
    def test_films_of_nearly_one_length_keep_what_was_watched(
        self, old_s: int, new_s: int, shift_s: int, keeps: bool
    ) -> None:
        assert moving.keeps_watched(old_s * 1000, new_s * 1000, shift_s * 1000) is keeps

    def test_seconds_outside_the_new_film_are_cut(self) -> None:
        assert moving.seconds(((0, 10), (40, 60)), -5000, 50) == ((0, 5), (35, 50))
        assert moving.seconds(((0, 3),), -5000, 50) == ()


class TestAReplacement:
    def test_shows_what_comes_over_and_does_exactly_that(self, ada: User, old: Video, new: Video) -> None:
        row = Replacement.objects.begin(old=old, new=new, by=ada)
        shown = replacing.plan(old, new, 0)
        assert [(len(one.moved), one.dropped) for one in shown.captions] == [(2, [])]
        assert (shown.chapters_dropped, shown.drops, shown.keeps_watched) == ([(52_000, "End")], 1, True)
        done = replacing.carry_out(row, shift_ms=0, drops=1)
        assert [(one.start_ms, one.title) for one in new.chapters.all()] == [(0, "Begin"), (20_000, "Middle")]
        assert cues.read(new.captions.get().webvtt) == [Cue(1000, 3000, "Hello"), Cue(50_000, 51_000, "Goodbye")]
        assert (done.begun_by, done.old_name, done.new_name, done.dropped) == (ada, "old.mp4", "new.mp4", 1)
        assert (done.old_length_ms, done.new_length_ms, done.keeps_watched) == (60_000, 51_000, True)
        assert old.captions.count() == 1  # the old film keeps its own

    def test_loses_nothing_that_was_not_shown(self, ada: User, old: Video, new: Video) -> None:
        row = Replacement.objects.begin(old=old, new=new, by=ada)
        with pytest.raises(WouldLoseMore) as refused:
            replacing.carry_out(row, shift_ms=10_000, drops=1)
        assert refused.value.facts == {"drops": 2}
        row.refresh_from_db()
        assert row.is_open
        assert not new.captions.exists()

    def test_leaves_the_new_film_s_own_words_alone(self, ada: User, old: Video, new: Video) -> None:
        captions.put(new, language="en", file=text_file("1\n00:00:05,000 --> 00:00:06,000\nMine\n"))
        chapters.put(new, [(0, "Mine")])
        replacing.carry_out(Replacement.objects.begin(old=old, new=new, by=ada), shift_ms=0, drops=0)
        assert "Mine" in new.captions.get().webvtt
        assert [one.title for one in new.chapters.all()] == ["Mine"]

    def test_waits_until_the_new_film_is_ready(self, ada: User, old: Video) -> None:
        row = Replacement.objects.begin(old=old, new=Video.objects.begin(owner=ada, name="b.mp4", size=9), by=ada)
        with pytest.raises(NewFilmNotReady):
            replacing.carry_out(row, shift_ms=0, drops=9)

    def test_is_for_one_s_own_films_and_two_of_them(self, ada: User, cole: User, old: Video) -> None:
        with pytest.raises(NotAllowed):
            Replacement.objects.begin(old=old, new=ready_video(cole), by=ada)
        with pytest.raises(NotAllowed):
            Replacement.objects.begin(old=old, new=old, by=cole)
        with pytest.raises(SameFilm):
            Replacement.objects.begin(old=old, new=old, by=ada)

    def test_begun_anew_gives_up_the_one_before(self, ada: User, old: Video, new: Video) -> None:
        first = Replacement.objects.begin(old=old, new=ready_video(ada), by=ada)
        second = Replacement.objects.begin(old=old, new=new, by=ada)
        assert list(Replacement.objects.open()) == [second]
        with pytest.raises(ReplacementClosed):
            replacing.carry_out(first, shift_ms=0, drops=9)

    def test_happens_once(self, ada: User, old: Video, new: Video) -> None:
        row = Replacement.objects.begin(old=old, new=new, by=ada)
        replacing.carry_out(row, shift_ms=0, drops=1)
        for again in (lambda: replacing.carry_out(row, shift_ms=0, drops=9), row.give_up):
            with pytest.raises(ReplacementClosed):
                again()

    def test_stands_once_it_is_carried_out_even_when_the_films_go(self, ada: User, old: Video, new: Video) -> None:
        row = replacing.carry_out(Replacement.objects.begin(old=old, new=new, by=ada), shift_ms=0, drops=1)
        for spoil in (lambda: Replacement.objects.update(shift_ms=1), lambda: Replacement.objects.all().delete()):
            with pytest.raises(IntegrityError, match="is carried out"), transaction.atomic():
                spoil()
        old.remove()
        row.refresh_from_db()
        assert (row.old, row.old_name, row.old_asset) == (None, "old.mp4", old.asset)

    def test_finds_the_way_over_several_films_and_not_backwards(self, ada: User, old: Video, new: Video) -> None:
        third = ready_video(ada, seconds=50, name="third.mp4")
        for one, other in ((old, new), (new, third), (third, new)):
            replacing.carry_out(Replacement.objects.begin(old=one, new=other, by=ada), shift_ms=0, drops=9)
        names = [(step.old_name, step.new_name) for step in Replacement.objects.way(old.asset, third.asset)]
        assert names == [("old.mp4", "new.mp4"), ("new.mp4", "third.mp4")]
        assert Replacement.objects.way(third.asset, old.asset) == []

    def test_mails_that_the_new_film_is_ready_to_be_looked_at(self, ada: User, old: Video) -> None:
        new = Video.objects.begin(owner=ada, name="b.mp4", size=9)
        Replacement.objects.begin(old=old, new=new, by=ada)
        Video.objects.filter(pk=new.pk).update(
            state="ready", ready_at=old.ready_at, duration_ms=9, output="1", percent=100
        )
        with transaction.atomic():
            new._announce()
        sent = Mail.objects.get()
        assert f"/studio/films/{old.pk}/replace/" in sent.text
        assert "old.mp4" in sent.subject
