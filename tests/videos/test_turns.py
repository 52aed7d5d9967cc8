"""Whose film is next: urgent ones first, creators by turns, and within one creator's films the first looks."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from tests.cast import person
from tests.courses.factories import make_course
from tests.videos.films import upload_of
from videos import turns
from videos.models import FilmTurn, Priority, Video, VideoChunk

pytestmark = pytest.mark.django_db


def films(owner: User, count: int) -> list[Video]:
    return [upload_of(owner, b"x", f"{owner.name} {at}").video for at in range(count)]


def chunked(owner: User, count: int) -> Video:
    """A film of which `count` chunks are due, and which waits for them."""
    video = upload_of(owner, b"x", f"{owner.name}, long").video
    later = timezone.now() + timezone.timedelta(hours=1)
    Video.objects.filter(pk=video.pk).update(state="transcoding", plan={}, due_at=later)
    places = [("preview", 0), ("sound", 0), *(("picture", number) for number in range(1, count - 1))]
    VideoChunk.objects.bulk_create(
        VideoChunk(video=video, kind=kind, number=number, length_s=20, weight=20) for kind, number in places
    )
    return Video.objects.get(pk=video.pk)


def served(count: int) -> list[str]:
    """Whose pieces `count` idle workers take, one after the other; each is done at once."""
    names = []
    for _ in range(count):
        piece = turns.take()
        assert piece is not None
        video = piece if isinstance(piece, Video) else piece.video
        names.append(video.owner.name)
        type(piece).objects.filter(pk=piece.pk).update(lease_until=None, due_at="2999-01-01T00:00Z")
    return names


def test_two_hundred_films_of_one_creator_do_not_hold_up_one_of_another(ada: User, lin: User) -> None:
    films(ada, 200)
    films(lin, 1)
    assert "Lin" in served(2)


def test_creators_take_turns_also_with_one_worker(ada: User, lin: User) -> None:
    films(ada, 5)
    films(lin, 5)
    names = served(10)
    assert [names.count("Ada"), names.count("Lin")] == [5, 5]
    assert all(one != other for one, other in zip(names, names[1:], strict=False))


def test_without_turns_the_first_creator_would_take_all(ada: User, lin: User) -> None:
    """The control: by the time at which they were due, her films all come before."""
    films(ada, 5)
    films(lin, 1)
    by_time = [video.owner.name for video in Video.due_work().order_by("due_at")]
    assert by_time.index("Lin") == 5


def test_workers_that_are_busy_for_one_leave_the_next_to_another(ada: User, lin: User) -> None:
    long = chunked(ada, 20)
    first = [turns.take() for _ in range(3)]
    assert all(isinstance(piece, VideoChunk) and piece.video_id == long.pk for piece in first)
    (short,) = films(lin, 1)
    assert turns.take() == short
    # Lin's only film is in work: whoever is idle now helps with Ada's.
    assert isinstance(turns.take(), VideoChunk)


def test_what_is_urgent_comes_first_whoever_s_turn_it_is(ada: User, lin: User) -> None:
    films(ada, 2)
    FilmTurn.objects.take(lin.pk)
    later, usual = films(lin, 2)
    usual.hasten(Priority.SOON)
    later.hasten(Priority.LATER)
    assert served(4) == ["Lin", "Ada", "Ada", "Lin"]


def test_what_is_made_later_takes_no_turn_from_her(ada: User, lin: User) -> None:
    """An operator has her old films made anew: her new one waits no longer for that."""
    (again,), long = films(ada, 1), chunked(ada, 4)
    for each in (again, long):
        each.hasten(Priority.LATER)
    assert len([turns.take() for _ in range(3)]) == 3
    (hers,), (his,) = films(ada, 1), films(lin, 1)
    assert [turns.take(), turns.take()] == [hers, his]


def test_a_first_look_comes_before_films_and_films_before_chunks(ada: User) -> None:
    long = chunked(ada, 4)
    films(ada, 1)
    taken = [turns.take() for _ in range(5)]
    kinds = [piece.kind if isinstance(piece, VideoChunk) else "film" for piece in taken]
    assert kinds == ["preview", "film", "sound", "picture", "picture"]
    assert {piece.video_id for piece in taken if isinstance(piece, VideoChunk)} == {long.pk}
    assert turns.take() is None


def test_a_halted_film_gives_nobody_work(ada: User) -> None:
    long = chunked(ada, 4)
    long.pause(ada)
    assert turns.take() is None
    assert not turns.is_anything_due()


def test_a_row_that_is_out_of_tries_is_passed_over(ada: User) -> None:
    dead, alive = films(ada, 2)
    Video.objects.filter(pk=dead.pk).update(attempts=3)
    assert turns.take() == alive
    assert Video.objects.get(pk=dead.pk).state == "failed"


def test_the_first_film_of_a_new_course_is_urgent_and_the_next_are_not(ada: User) -> None:
    course = make_course(live=False)
    version = course.versions.get()
    version.lessons.all().delete()
    section = version.sections.first()
    first, second, replaced = films(course.creator.user, 3)
    section.add_lesson("One", "video", first)
    section.add_lesson("Two", "video", second)
    version.lessons.get(video=first).attach_video(replaced)
    told = dict(Video.objects.values_list("pk", "priority"))
    assert (told[first.pk], told[second.pk], told[replaced.pk]) == (Priority.SOON, Priority.USUAL, Priority.USUAL)


@pytest.mark.django_db(transaction=True)
def test_many_idle_workers_at_once_take_different_pieces_and_share_them_out(ada: User) -> None:
    films(ada, 12)
    films(person("Bo"), 2)
    start, taken = threading.Barrier(8), []

    def worker() -> None:
        start.wait()
        try:
            taken.append(turns.take())
        finally:
            connection.close()

    crowd: list[Any] = [threading.Thread(target=worker) for _ in range(8)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert len({piece.pk for piece in taken}) == 8
    assert [piece.owner.name for piece in taken].count("Bo") == 2
