"""On how many devices a person watches at once."""

import threading
import time
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from learners.models import Enrollment
from tests.courses.factories import make_course
from tests.videos.films import put_files
from videos import playback, seats
from videos.models import Video


@pytest.fixture
def course(db: None) -> Any:
    course = make_course(title="Kilns", lessons=2)
    for lesson in course.live_lessons():
        put_files(lesson.video)
    return course


@pytest.fixture
def film(course: Any, lin: User, settings: Any) -> Video:
    settings.KEZHAN_DEVICES_AT_ONCE = 2
    Enrollment.objects.grant(learner=lin, course=course, source=Enrollment.Source.FREE)
    return course.live_lessons().get(is_preview=False).video


def play(film: Video, person: User, device: int) -> Any:
    viewer = playback.on_device(str(person.pk), f"{device:08x}")
    return Client().get(playback.play_url(film, viewer))


def test_one_device_more_than_may_is_refused_and_the_others_go_on(film, lin) -> None:
    assert [play(film, lin, device).status_code for device in (1, 2, 3)] == [200, 200, 403]
    assert "as many devices" in play(film, lin, 3).content.decode()
    assert [play(film, lin, device).status_code for device in (1, 2)] == [200, 200]


def test_the_place_of_a_device_that_stopped_is_free_a_minute_later(film, lin) -> None:
    with time_machine.travel(time.time(), tick=False) as moment:
        assert [play(film, lin, device).status_code for device in (1, 2)] == [200, 200]
        moment.shift(40)
        assert play(film, lin, 2).status_code == 200
        assert play(film, lin, 3).status_code == 403
        moment.shift(25)
        assert play(film, lin, 3).status_code == 200, "the first has not asked for 65 s"
        assert play(film, lin, 1).status_code == 403


def test_people_do_not_take_each_other_s_places(film, course, lin, cole) -> None:
    Enrollment.objects.grant(learner=cole, course=course, source=Enrollment.Source.FREE)
    assert [play(film, person, device).status_code for person in (lin, cole) for device in (1, 2)] == [200] * 4


def test_the_creator_is_not_counted(film) -> None:
    addresses = [playback.play_url(film, str(film.owner_id)) for _ in range(4)]
    assert {Client().get(address).status_code for address in addresses} == {200}


def test_a_device_in_the_address_cannot_be_changed_or_left_out(film, lin) -> None:
    address = playback.play_url(film, playback.on_device(str(lin.pk), "00000001"))
    assert Client().get(address).status_code == 200
    assert Client().get(address.replace(".00000001/", ".00000002/")).status_code == 403
    assert Client().get(address.replace(".00000001/", "/")).status_code == 403


def test_each_log_in_is_a_device_and_the_api_says_why_the_third_is_refused(film, course, lin) -> None:
    lesson = course.live_lessons().get(is_preview=False)
    answers = []
    for _ in range(3):
        client = Client()
        client.force_login(lin)
        answers.append(client.get(f"/api/v1/lessons/{lesson.key}/playback/"))
    assert [answer.status_code for answer in answers] == [200, 200, 403]
    assert answers[2].json()["code"] == "too_many_devices"
    addresses = {answer.json()["master_url"].split("/hls/")[1].split("/")[2] for answer in answers[:2]}
    assert len(addresses) == 2
    assert all(address.startswith(f"{lin.pk}.") for address in addresses)


def test_a_preview_takes_no_place(film, course, lin, cole) -> None:
    preview = course.live_lessons().get(is_preview=True)
    for _ in range(4):
        client = Client()
        client.force_login(cole)
        answer = client.get(f"/api/v1/lessons/{preview.key}/playback/")
        assert answer.status_code == 200
        assert Client().get(answer.json()["master_url"]).status_code == 200


def crowd(take: Any) -> int:
    """How many of twenty devices that come at once get a place."""
    start, came_in = threading.Barrier(20), []

    def come(device: int) -> None:
        start.wait()
        try:
            take("7", f"{device:08x}")
        except seats.TooManyDevices:
            return
        came_in.append(device)

    threads = [threading.Thread(target=come, args=(device,)) for device in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(came_in)


def test_twenty_devices_at_once_take_no_more_places_than_there_are() -> None:
    assert crowd(seats.take) == 3


def test_looked_at_and_taken_in_two_steps_they_would_take_more() -> None:
    line, met = cache._cache.get_client(None, write=True), threading.Barrier(20)

    def take(person: str, device: str) -> None:
        taken = line.zcard("seats-in-two-steps")
        met.wait()
        if taken >= 3:
            raise seats.TooManyDevices
        line.zadd("seats-in-two-steps", {device: time.time()})

    assert crowd(take) > 3
