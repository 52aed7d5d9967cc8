"""The sample's films: drawn, uploaded and transcoded the way that a creator's are, on two threads."""

import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.management.base import CommandError
from django.db import connection

from creators.models import Creator
from videos import captions, chapters, cues, parts, turns, uploading
from videos.models import Video

from . import drawing, films
from .plan import SampleCourse

# Each course has this many films of its own; its later lessons show the last of them again, to fill in time.
OWN_FILMS = 2
THREADS = 2
# The first film of the first courses is long enough for a clip (marketplace/sample/clips.py).
CLIPPED, LONG_SLIDES, SLIDES = 4, 8, 4
CAPTIONS_IN = {"en": "en", "zh-hans": "zh-Hans"}


def film_name(plan: SampleCourse, number: int) -> str:
    return f"{plan.title} {number + 1}.mp4"


def film_lessons(plan: SampleCourse) -> list[str]:
    """Titles of the lessons that are films, in order."""
    return [title for lessons in plan.sections.values() for title in lessons if not title.startswith("# ")]


def prepare(plans: list[SampleCourse], owners: dict[str, Creator], say: Callable[[str], None]) -> None:
    """Make every film that is not there yet. Returns when all of them are ready."""
    missing = []
    for at, plan in enumerate(plans):
        owner = owners[plan.creator]
        for number, title in enumerate(film_lessons(plan)[:OWN_FILMS]):
            if not Video.objects.owned_by(owner.user).ready().filter(name=film_name(plan, number)).exists():
                slides = LONG_SLIDES if at < CLIPPED and number == 0 else SLIDES
                missing.append((plan, owner, number, title, slides))
    with ThreadPoolExecutor(THREADS) as pool:
        for done, _film in enumerate(pool.map(_make, missing), 1):
            if done % 10 == 0 or done == len(missing):
                say(f"  {done} of {len(missing)} films")


def _make(task: tuple[SampleCourse, Creator, int, str, int]) -> None:
    plan, owner, number, title, slides = task
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "film.mp4"
            films.make(path, plan.title, title, drawing.HUES.get(plan.category, 20) + number * 12, slides)
            video = upload(owner, film_name(plan, number), path)
        _put_words(_finished(video), plan, title, number, slides)
    finally:
        connection.close()


def _finished(video: Video) -> Video:
    """The film when it is ready. A long one passes through several hands: both threads', and those of workers if any run."""
    while not video.is_settled:
        if turns.is_anything_due():
            turns.work_on_next()
        else:
            time.sleep(0.1)
        video.refresh_from_db()
    if not video.is_ready:
        raise CommandError(f"The film {video.name} could not be made: {video.failure_code} {video.failure_detail}")
    return video


def _put_words(video: Video, plan: SampleCourse, title: str, number: int, slides: int) -> None:
    """Captions of what the slides are about, and a chapter for each half."""
    outcome = plan.outcomes[number % len(plan.outcomes)]
    slide_ms = films.SECONDS_A_SLIDE * 1000
    said = [
        cues.Cue(at * slide_ms, (at + 1) * slide_ms - 200, text)
        for at, text in enumerate((title, plan.subtitle, outcome, *plan.outcomes)[: slides - 1])
    ]
    captions.put(video, language=CAPTIONS_IN[plan.language], file=ContentFile(cues.write(said).encode()))
    chapters.put(video, [(0, title[:80]), (2 * slide_ms, outcome[:80])])


def upload(owner: Creator, name: str, path: Path) -> Video:
    """Send one file through the five calls that a browser makes."""
    size = path.stat().st_size
    begun = uploading.begin(owner.user, name=name, size=size, type="video/mp4")
    sent = []
    with path.open("rb") as stream:
        for number in range(1, begun.parts_count + 1):
            etag = parts.receive(begun, number, stream, length=begun.part_bytes(number))
            sent.append({"number": number, "etag": etag})
    return begun.complete(sent)
