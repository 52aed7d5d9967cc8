"""A film's page: what its creator does there with the film as a whole."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.courses.factories import make_course
from tests.videos.films import put_files, ready_video, upload_of
from videos import shelves
from videos.models import Video


@pytest.fixture
def ada_client(ada: User, client: Client) -> Client:
    client.force_login(ada)
    return client


def files() -> list[Path]:
    return [path for path in shelves.root().rglob("*") if path.is_file()]


def address(name: str, film: Video) -> str:
    return reverse(f"videos:{name}", args=[film.pk])


def test_removes_a_film_that_no_lesson_shows_and_its_space_is_free_again(
    ada: User, ada_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    film = ready_video(ada)
    put_files(film)
    assert address("remove", film) in ada_client.get(address("film", film)).content.decode()
    assert address("remove", film) in ada_client.get(reverse("studio:uploads")).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = ada_client.post(address("remove", film), follow=True)
    assert answer.redirect_chain == [(reverse("studio:uploads"), 302)]
    assert "Its space is yours again" in answer.content.decode()
    assert (Video.objects.count(), Video.objects.bytes_kept_for(ada), files()) == (0, 0, [])


def test_says_why_a_film_that_a_lesson_shows_stays(ada: User, ada_client: Client) -> None:
    course = make_course(ada.creator, lessons=1, live=False)
    film = Video.objects.get(lessons__version__course=course)
    # In the list its lesson stands beside it instead.
    assert address("remove", film) not in ada_client.get(reverse("studio:uploads")).content.decode()
    answer = ada_client.post(address("remove", film))
    assert (answer.status_code, "Take it out of the lesson first" in answer.content.decode()) == (409, True)
    assert Video.objects.filter(pk=film.pk).exists()


def test_hides_the_button_of_a_film_on_its_way(ada: User, ada_client: Client) -> None:
    film = upload_of(ada, b"x").video
    assert 'data-can="remove"' in ada_client.get(address("film", film)).content.decode()
    assert 'for good, with its captions and chapters?" hidden' in ada_client.get(address("film", film)).content.decode()
    assert ada_client.post(address("remove", film)).status_code == 409


def test_gives_a_film_another_name_and_keeps_the_old_one_where_none_is_given(ada: User, ada_client: Client) -> None:
    film = ready_video(ada, name="final_v3.mp4")
    assert 'value="final_v3.mp4"' in ada_client.get(address("film", film)).content.decode()
    answer = ada_client.post(address("rename", film), {"name": "  Throwing a bowl "}, follow=True)
    assert "The name is saved." in answer.content.decode()
    film.refresh_from_db()
    assert film.name == "Throwing a bowl"
    for wrong in ("  ", "x" * 201):
        assert (
            "name is saved"
            not in ada_client.post(address("rename", film), {"name": wrong}, follow=True).content.decode()
        )
    film.refresh_from_db()
    assert film.name == "Throwing a bowl"


def test_is_nobody_else_s(cole: User, ada: User, client: Client) -> None:
    film = ready_video(ada)
    client.force_login(cole)
    for name in ("remove", "rename"):
        assert client.post(address(name, film), {"name": "Mine"}).status_code == 404
    film.refresh_from_db()
    assert film.name == "A film"
