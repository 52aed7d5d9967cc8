"""What lies among the films and nobody plays goes with the hourly sweep; what somebody plays, or makes, stays."""

import os
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from marketplace.lib import work
from tests.videos.films import put_files, ready_video, upload_of
from tests.videos.test_excerpts import ask
from videos import excerpting, halting, shelves, strays, uploading
from videos.models import Excerpt, Video

pytestmark = pytest.mark.django_db


def put_output(asset: Any, output: str) -> Path:
    """What a worker brings just before it is adopted."""
    place = shelves.film_folder(asset, output)
    (place / "v240").mkdir(parents=True)
    (place / "v240" / "s00000.m4s").write_bytes(b"x")
    return place


def test_what_a_killed_attempt_brought_goes_once_nobody_makes_the_film(ada: User) -> None:
    film = upload_of(ada, b"x").video
    brought = put_output(film.asset, "1-killed")
    uploading.expire_old()
    assert brought.exists()  # a worker may be about to adopt it
    halting.cancel(Video.objects.get(), ada)
    uploading.expire_old()
    assert not brought.parent.exists()


def test_of_a_film_that_plays_its_files_and_those_of_old_addresses_stay(ada: User) -> None:
    film = ready_video(ada)
    now, before, other = put_files(film), put_output(film.asset, "0-before"), put_output(film.asset, "1-killed")
    Video.objects.update(former_output="0-before", former_until=timezone.now())
    copy = Video.objects.begin_anew(film)
    uploading.expire_old()
    assert other.exists()  # it may be the other conversion's
    copy.cancel(ada)
    uploading.expire_old()
    assert (now.exists(), before.exists(), other.exists()) == (True, True, False)


def test_where_what_is_named_is_not_here_the_rows_may_be_those_of_before(ada: User) -> None:
    film = ready_video(ada)
    made_since = put_output(film.asset, "2-made-anew")
    uploading.expire_old()
    assert made_since.exists()


def test_of_an_excerpt_that_was_stopped_nothing_stays(ada: User) -> None:
    row = ask(ready_video(ada), ada)
    brought = put_output(row.asset, "1-killed")
    uploading.expire_old()
    assert brought.exists()
    row.cancel(ada)
    uploading.expire_old()
    assert not brought.parent.exists()


def test_an_excerpt_that_is_stopped_just_before_it_is_adopted_leaves_nothing(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = ready_video(ada)
    film.renditions.create(name="v240", kind="video", width=426, height=240, bitrate=1, position=0)
    put_files(film)
    row = ask(film, ada)
    held: Any = Excerpt.claim(row.pk)
    monkeypatch.setattr(excerpting, "_encode", lambda *told: None)
    monkeypatch.setattr(excerpting, "_draw_poster", lambda *told: row.cancel(ada))
    with pytest.raises(work.LeaseLost):
        excerpting.carry_out(held)
    assert not (shelves.root() / "films" / str(row.asset)).exists()


def test_files_that_no_row_knows_go_a_day_later_unless_they_are_many(
    ada: User, caplog: pytest.LogCaptureFixture
) -> None:
    known, strange = put_files(ready_video(ada)), put_output(uuid.uuid4(), "1-gone")
    uploading.expire_old()
    assert strange.exists()  # its row may be on its way back into the database
    a_day_ago(strange.parent)
    uploading.expire_old()
    assert (known.exists(), strange.parent.exists()) == (True, False)
    many = [put_output(uuid.uuid4(), "1-gone").parent for _n in range(strays.MANY + 1)]
    a_day_ago(*many)
    uploading.expire_old()
    assert all(folder.exists() for folder in many)
    (told,) = [one for one in caplog.records if one.getMessage() == "files_without_rows"]
    assert (told.place, told.without) == ("films", len(many))  # type: ignore[attr-defined]


def a_day_ago(*folders: Path) -> None:
    for folder in folders:
        os.utime(folder, (time.time() - strays.KNOWN_AFTER.total_seconds() - 60,) * 2)
