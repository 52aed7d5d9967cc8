"""Bells of this app."""

from celery import shared_task

from marketplace.lib import work

from . import cold, excerpting, places, remaking, transcoding, transcribing, turns, uploading
from .models import ColdOriginal, Excerpt, Remaking, Transcription, TwinPrint, Video
from .twins import comparing


@shared_task(name="videos.tasks.make_films")
def make_films() -> None:
    """Whatever film or chunk comes next."""
    turns.work_on_next()


@shared_task(name="videos.tasks.transcode_video")
def transcode_video(pk: str) -> None:
    """This film, whoever else waits."""
    work.run(Video, pk, transcoding.transcode)


@shared_task(name="videos.tasks.transcribe_film")
def transcribe_film(pk: str) -> None:
    work.run(Transcription, pk, transcribing.carry_out)


@shared_task(name="videos.tasks.cut_excerpt")
def cut_excerpt(pk: str) -> None:
    work.run(Excerpt, pk, excerpting.carry_out)


@shared_task(name="videos.tasks.expire_uploads")
def expire_uploads() -> None:
    uploading.expire_old()


@shared_task(name="videos.tasks.compare_film")
def compare_film(pk: str) -> None:
    work.run(TwinPrint, pk, comparing.compare)


@shared_task(name="videos.tasks.ask_for_prints")
def ask_for_prints() -> None:
    TwinPrint.objects.ask_for_missing()


@shared_task(name="videos.tasks.move_original")
def move_original(pk: str) -> None:
    work.run(ColdOriginal, pk, cold.move)


@shared_task(name="videos.tasks.ask_for_old_originals")
def ask_for_old_originals() -> None:
    cold.ask_for_old()


@shared_task(name="videos.tasks.write_down_places")
def write_down_places() -> None:
    places.write_down()


@shared_task(name="videos.tasks.remake_films")
def remake_films(pk: str) -> None:
    work.run(Remaking, pk, remaking.carry_out)
