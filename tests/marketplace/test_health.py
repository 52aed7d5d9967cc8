import pytest

from learners import merger
from marketplace import heartbeat

pytestmark = pytest.mark.django_db


def everybody_is_alive(settings):
    heartbeat.record("worker@here", settings.KEZHAN_QUEUES)
    heartbeat.record(heartbeat.BEAT, [heartbeat.BEAT])
    heartbeat.record("watch@here", [merger.QUEUE])


def test_live_answers_without_asking_anybody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_ready_when_every_part_works(client, settings):
    everybody_is_alive(settings)
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.json()
    assert {name for name, part in answer.json()["parts"].items() if part["ok"]} == {
        "database",
        "broker",
        "storage",
        "workers",
    }


def test_a_queue_without_a_worker_is_named(client, settings):
    everybody_is_alive(settings)
    heartbeat.record("worker@here", ["default", "mail", "payments", "books"])
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["workers"]["reason"] == "nobody works on: video"


def test_a_worker_that_fell_silent_does_not_count(client, settings, time_machine):
    time_machine.move_to("2026-01-01 12:00:00+00:00", tick=False)
    everybody_is_alive(settings)
    time_machine.shift(heartbeat.ALIVE_WITHIN + 1)
    assert "video" in client.get("/readyz").json()["parts"]["workers"]["reason"]


def test_workers_that_left_long_ago_are_forgotten(settings, time_machine):
    time_machine.move_to("2026-01-01 12:00:00+00:00", tick=False)
    heartbeat.record("worker@gone", ["default"])
    time_machine.shift(heartbeat.FORGOTTEN_AFTER + 1)
    assert heartbeat.ages() == {"default": heartbeat.FORGOTTEN_AFTER + 1}
    assert heartbeat.ages() == {}


def test_a_folder_that_cannot_be_written_is_told_without_its_path(client, settings, tmp_path):
    everybody_is_alive(settings)
    (tmp_path / "file").write_text("in the way")
    settings.VIDEO_ROOT = tmp_path / "file"
    part = client.get("/readyz").json()["parts"]["storage"]
    assert not part["ok"]
    assert str(tmp_path) not in part["reason"]
