"""Twins: whatever a copy was put through, it is found at its second; and two films of one kind are not one film."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from accounts.models import User
from marketplace.lib import work
from marketplace.sample import films as slides
from tests.videos.films import on_shelf, ready_video, transcoded
from tests.videos.moving import changed, make_moving, music_under
from videos import shelves
from videos.models import TwinKey, TwinMatch, TwinPrint, Video, VideoFinding
from videos.twins import comparing, evidence, pairing, searching


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_moving(tmp_path_factory.mktemp("twins") / "original.mp4", seed=1, seconds=36)


def compare(video: Video) -> Video:
    TwinPrint.objects.ask(video)
    assert work.run(TwinPrint, TwinPrint.objects.only("pk").get(video=video).pk, comparing.compare)
    return video


def about(seconds: float) -> object:
    return pytest.approx(seconds, abs=1.6)


@pytest.mark.parametrize(
    ("change", "start", "end", "speed"),
    [
        (("-crf", "36", "-vf", "scale=256:144", "-b:a", "32k"), 0, 36, 1.0),
        (("-vf", "crop=340:192"), 0, 36, 1.0),
        (("-vf", "hflip"), 0, 36, 1.0),
        (("-vf", "setpts=PTS/1.1", "-af", "atempo=1.1"), 0, 36, 1.1),
        (("-vf", "setpts=PTS/1.1", "-af", "asetrate=8000*1.1,aresample=8000"), 0, 36, 1.1),
        (("-ss", "9", "-t", "20"), 9, 29, 1.0),
    ],
    ids=["encoded-anew", "cropped", "mirrored", "faster", "faster-and-higher", "cut-out"],
)
def test_a_copy_is_found_from_its_first_second_to_its_last(
    ada: User, cole: User, original: Path, change: tuple[str, ...], start: float, end: float, speed: float
) -> None:
    first = compare(on_shelf(ada, original))
    copy = compare(on_shelf(cole, changed(original, "copy.mp4", *change)))
    found = TwinMatch.objects.get()
    assert (found.film, found.twin, found.is_mirrored) == (copy.pk, first.pk, "hflip" in change)
    assert (found.film_start_s, found.film_end_s) == (about(0), about((end - start) / speed))
    assert (found.twin_start_s, found.twin_end_s) == (about(start), about(end))
    assert found.speed == pytest.approx(speed, abs=0.05)
    assert (found.picture_score or 0) > 0.8
    assert (found.sound_score or 0) > 0.6
    finding = copy.findings.get()
    assert (finding.code, finding.start_s, finding.match) == ("twin", found.film_start_s, found)
    assert not first.findings.exists()


def test_pictures_under_another_voice_and_a_voice_over_other_pictures_are_found(
    ada: User, cole: User, original: Path
) -> None:
    compare(on_shelf(ada, original))
    dubbed = compare(on_shelf(cole, make_moving(original.with_name("dubbed.mp4"), seed=1, seconds=36, sound=7)))
    match = TwinMatch.objects.get(film=dubbed.pk)
    assert (match.picture_s, match.sound_s) == (about(36), None)
    retold = compare(on_shelf(cole, make_moving(original.with_name("retold.mp4"), seed=8, seconds=36, sound=1)))
    match = TwinMatch.objects.get(film=retold.pk)
    assert (match.picture_s, match.sound_s) == (None, about(36))


def test_slides_of_one_pattern_are_not_one_film_but_a_copy_of_them_is(ada: User, cole: User, tmp_path: Path) -> None:
    lessons = (("Charts that tell the truth", "Order first", 40), ("Python from an empty file", "Loops", 200))
    charts, python = (tmp_path / f"{hue}.mp4" for _course, _lesson, hue in lessons)
    for path, lesson in zip((charts, python), lessons, strict=True):
        slides.make(path, *lesson, slides=6)
    compare(on_shelf(ada, charts))
    compare(on_shelf(cole, python))
    assert not TwinMatch.objects.exists()
    copy = compare(on_shelf(cole, changed(charts, "copy.mp4", "-crf", "34")))
    assert TwinMatch.objects.get().film == copy.pk


def test_films_of_one_kind_are_not_one_film(ada: User, cole: User, original: Path) -> None:
    """Other scenes and words; the same still, black or title; silence; the same music under both."""
    room = original.parent
    kinds = {
        "moving": (make_moving(room / "m2.mp4", seed=2), make_moving(room / "m3.mp4", seed=3)),
        "same wall": (
            make_moving(room / "w4.mp4", seed=4, still=99),
            make_moving(room / "w5.mp4", seed=5, still=99),
        ),
        "same title": (
            make_moving(room / "t1.mp4", seed=11, title=6),
            make_moving(room / "t2.mp4", seed=12, title=6),
        ),
        "black and silent": (
            make_moving(room / "b1.mp4", seed=6, still=0, sound=0),
            make_moving(room / "b2.mp4", seed=7, still=0, sound=0),
        ),
        "music alone": (
            music_under(make_moving(room / "n1.mp4", seed=13, sound=0)),
            music_under(make_moving(room / "n2.mp4", seed=14, sound=0)),
        ),
        "music under words": (
            music_under(make_moving(room / "u1.mp4", seed=15)),
            music_under(make_moving(room / "u2.mp4", seed=16)),
        ),
    }  # fmt: skip
    for kind, (one, other) in kinds.items():
        has_sound = kind != "black and silent"
        compare(on_shelf(ada, one, sound=has_sound))
        compare(on_shelf(cole, other, sound=has_sound))
        assert not TwinMatch.objects.exists(), kind
    assert TwinPrint.objects.filter(compared_s__gt=0).count() == 2 * len(kinds)


def test_without_the_rule_of_speech_the_same_music_would_be_a_twin(
    ada: User, cole: User, original: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the sound does agree; it is the rule that keeps it from being told."""
    monkeypatch.setattr(pairing, "is_spoken", lambda rows: True)
    for owner, seed in ((ada, 13), (cole, 14)):
        compare(on_shelf(owner, music_under(make_moving(original.with_name(f"n{seed}.mp4"), seed=seed, sound=0))))
    match = TwinMatch.objects.get()
    assert (match.picture_s, match.sound_s is None) == (None, False)


def test_a_search_that_takes_too_long_ends_and_says_how_far_it_came(
    ada: User, cole: User, original: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare(on_shelf(ada, original))
    monkeypatch.setattr(searching, "MOST_SECONDS", 0.0)
    copy = compare(on_shelf(cole, original))
    told = TwinPrint.objects.get(video=copy)
    assert (told.compared_s, told.finished_at is None, TwinMatch.objects.count()) == (0, False, 0)


def test_sound_that_several_creators_have_is_nobody_s(ada: User, cole: User, lin: User, original: Path) -> None:
    for owner, seed in ((ada, 21), (lin, 22), (cole, 23)):
        compare(on_shelf(owner, make_moving(original.with_name(f"c{seed}.mp4"), seed=seed, sound=50)))
    assert set(TwinMatch.objects.values_list("film_owner", "twin_owner")) == {(lin.pk, ada.pk)}


def test_her_own_films_are_no_finding(ada: User, original: Path) -> None:
    compare(on_shelf(ada, original))
    compare(on_shelf(ada, original))
    assert not TwinMatch.objects.exists()


def test_the_later_upload_is_told_though_the_earlier_one_is_compared_last(
    ada: User, cole: User, original: Path
) -> None:
    first = on_shelf(ada, original)
    Video.objects.filter(pk=first.pk).update(uploaded_at=timezone.now() - timedelta(days=2))
    copy = compare(on_shelf(cole, original))
    assert not TwinMatch.objects.exists()
    assert TwinPrint.objects.ask_for_missing() == 1
    compare(first)
    assert (TwinMatch.objects.get().film, copy.findings.count(), first.findings.count()) == (copy.pk, 1, 0)


def test_comparing_once_more_tells_nobody_twice_and_keeps_the_evidence(ada: User, cole: User, original: Path) -> None:
    first, copy = compare(on_shelf(ada, original)), compare(on_shelf(cole, original))
    compare(copy)
    compare(first)
    assert (TwinMatch.objects.count(), copy.findings.count()) == (1, 1)
    # Converted anew, it is another film to look at, and the old evidence stays beside the new.
    folder = shelves.film_folder(copy.asset, copy.output)
    folder.rename(folder.with_name("2-test"))
    Video.objects.filter(pk=copy.pk).update(output="2-test")
    compare(copy)
    assert (TwinMatch.objects.count(), copy.findings.count()) == (2, 1)


def test_evidence_outlives_both_films_and_cannot_be_changed(ada: User, cole: User, original: Path) -> None:
    first, copy = compare(on_shelf(ada, original)), compare(on_shelf(cole, original))
    for video in (copy, first):
        video.remove()
    assert not TwinKey.objects.exists()
    match = TwinMatch.objects.get()
    assert (match.film_name, match.twin_owner) == (original.name, ada)
    for change in (lambda: TwinMatch.objects.update(film_name="another"), lambda: match.delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_a_lookup_reads_the_index_alone_and_no_more_of_a_bucket_than_it_may(ada: User, cole: User) -> None:
    video = ready_video(ada)
    TwinPrint.objects.ask(video)
    held = TwinPrint.claim(TwinPrint.objects.get().pk)
    assert held
    held.index(output="x", pictures=b"", sound=b"", keys=((7, at, 0) for at in range(500)))
    assert len(TwinKey.objects.shared([7, 8, 7], not_of=cole.pk)) == 2 * 24
    assert TwinKey.objects.shared([7], not_of=ada.pk) == []
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE videos_twinkey")
        cursor.execute("EXPLAIN SELECT * FROM videos_twinkey WHERE bucket = 7 ORDER BY print_id, at LIMIT 24")
        assert "Seq Scan" not in str(cursor.fetchall())


def test_a_film_is_ready_though_comparing_fails_three_times_and_it_can_be_asked_again(
    ada: User, cole: User, original: Path
) -> None:
    compare(on_shelf(ada, original))
    copy = on_shelf(cole, original)
    folder = shelves.film_folder(copy.asset, copy.output) / "v240"
    folder.rename(folder.with_name("hidden"))
    TwinPrint.objects.ask(copy)
    pk = TwinPrint.objects.get(video=copy).pk
    for _ in range(3):
        TwinPrint.objects.filter(pk=pk).update(due_at=timezone.now())
        with pytest.raises(FileNotFoundError):
            work.run(TwinPrint, pk, comparing.compare)
    copy.refresh_from_db()
    assert (copy.is_ready, TwinPrint.objects.get(pk=pk).dead_at is None) == (True, False)
    folder.with_name("hidden").rename(folder)
    compare(copy)
    assert TwinMatch.objects.filter(film=copy.pk).exists()


@pytest.mark.slow
def test_a_film_that_was_converted_is_asked_for_in_the_same_transaction(ada: User, cole: User, original: Path) -> None:
    first, copy = transcoded(ada, original), transcoded(cole, changed(original, "copy.mp4", "-vf", "hflip"))
    for video in (first, copy):
        assert work.run(TwinPrint, video.twin_print.pk, comparing.compare)
    match = TwinMatch.objects.get()
    assert (match.film, match.is_mirrored) == (copy.pk, True)
    assert (match.film_start_s, match.film_end_s) == (about(0), about(36))
    assert "twin" in set(copy.findings.values_list("code", flat=True))
    assert not list((shelves.root() / "jobs").iterdir())


class TestTwoWorkersThatFindEachOthersFilm:
    @pytest.mark.django_db(transaction=True)
    def test_tell_the_later_film_once(self, ada: User, cole: User, original: Path) -> None:
        assert told_at_once(ada, cole, original) == 1

    @pytest.mark.django_db(transaction=True)
    def test_without_the_films_locked_they_tell_it_twice(
        self, ada: User, cole: User, original: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The negative control: both have forgotten what was there before either has written."""
        both, forget = threading.Barrier(2), type(VideoFinding.objects.all()).forget_twin

        def forget_together(findings: object, film: object, twin: object) -> None:
            forget(findings, film, twin)  # type: ignore[arg-type]
            both.wait(timeout=60)

        monkeypatch.setattr(evidence, "lock_films", lambda pks: None)
        monkeypatch.setattr(type(VideoFinding.objects.all()), "forget_twin", forget_together)
        assert told_at_once(ada, cole, original) == 2


def told_at_once(ada: User, cole: User, original: Path) -> int:
    """How often the later film is told, when both are compared at the same time."""
    films = [on_shelf(ada, original), on_shelf(cole, changed(original, "late.mp4", "-ss", "4"))]
    go = threading.Barrier(2)
    search = comparing.Search

    class SearchTogether(search):  # type: ignore[misc, valid-type]
        def twins(self) -> list:
            go.wait(timeout=60)
            return super().twins()

    def one(video: Video) -> None:
        try:
            work.run(TwinPrint, TwinPrint.objects.only("pk").get(video=video).pk, compare_together)
        finally:
            connection.close()

    def compare_together(twin_print: TwinPrint) -> None:
        comparing.compare(twin_print, search=SearchTogether)

    for video in films:
        TwinPrint.objects.ask(video)
    threads = [threading.Thread(target=one, args=(video,)) for video in films]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert TwinPrint.objects.filter(finished_at=None).count() == 0
    return VideoFinding.objects.twins().count()
