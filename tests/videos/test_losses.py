"""Workers that were not heard of again: counted apart from tries that ended with an error, and not for ever."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from marketplace.lib import work
from tests.videos.films import upload_of
from videos.models import Video


@pytest.fixture
def video(ada: User) -> Video:
    return upload_of(ada, b"x" * 600).video


def lose(video: Video) -> None:
    """A worker takes the film and is killed; its lease runs out."""
    assert Video.claim(video.pk)
    Video.objects.filter(pk=video.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def err(video: Video) -> None:
    held = Video.claim(video.pk)
    assert held
    held.retry_later("it went wrong", after=timedelta(0))


def test_three_lost_workers_leave_a_film_all_its_tries(video: Video) -> None:
    for _ in range(Video.MAX_ATTEMPTS):
        lose(video)
    for _ in range(Video.MAX_ATTEMPTS - 1):
        err(video)
    held = Video.claim(video.pk)
    assert held
    assert (held.lost, held.tries, held.is_settled) == (3, 3, False)
    held.retry_later("it went wrong")
    held.refresh_from_db()
    assert (held.state, held.failure_code, held.failure_detail) == ("failed", "encoder_failed", "it went wrong")


def test_what_kills_its_worker_each_time_fails_in_the_end(video: Video) -> None:
    for _ in range(Video.MAX_LOST):
        lose(video)
    assert Video.claim(video.pk) is None
    video.refresh_from_db()
    assert (video.state, video.failure_detail) == ("failed", "the worker died each time")
    assert video.lost == Video.MAX_LOST


def test_another_try_forgets_the_losses(video: Video) -> None:
    for _ in range(Video.MAX_LOST):
        lose(video)
    assert Video.claim(video.pk) is None
    video.refresh_from_db()
    video.retry()
    lose(video)
    video.refresh_from_db()
    assert (video.attempts, video.lost) == (1, 0)  # it is known as lost when the next one comes for it


def test_a_worker_that_was_thought_lost_writes_nothing(video: Video) -> None:
    late = Video.claim(video.pk)
    assert late
    Video.objects.filter(pk=video.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    now = Video.claim(video.pk)
    assert now
    assert (now.attempts, now.lost) == (2, 1)
    with pytest.raises(work.LeaseLost):
        late.fail("truncated")
