"""A course with its learners, each with a page opened long ago, and what their players send."""

import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

REPORTS = "/api/v1/watch/reports/"
LENGTH_S, OPENED_AGO_S = 36_000, 80_000


@dataclass
class Playback:
    """One learner's session: what a token says."""

    learner: int
    token: str

    def body(self, until: int) -> bytes:
        told = {"token": self.token, "intervals": [[0, until]], "position": until, "speed": 1.5}
        return json.dumps(told).encode()

    def request(self, until: int, line: str) -> bytes:
        body = self.body(until)
        head = f"POST {REPORTS} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: {line}\r\nContent-Type: text/plain\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def stage(learners: int) -> list[Playback]:
    """As many learners of one course."""
    from django.core import signing
    from django.utils import timezone

    from accounts.models import User
    from learners.models import Enrollment
    from tests.courses.factories import make_course

    course = make_course(title="Kilns", lessons=2)
    lesson = course.live_lessons()[1]
    people = User.objects.bulk_create([User(email=f"viewer{number}@example.com") for number in range(learners)])
    Enrollment.objects.bulk_create([Enrollment(learner=one, course=course, source="free") for one in people])
    started_ms = int((timezone.now() - timedelta(seconds=OPENED_AGO_S)).timestamp() * 1000)

    def token(person: Any) -> str:
        said = [uuid.uuid4().hex, person.pk, course.pk, lesson.key.hex, lesson.video.asset.hex, LENGTH_S, started_ms]
        return signing.dumps(said, salt="learners.report")

    return [Playback(one.pk, token(one)) for one in people]


def fill(playbacks: list[Playback], until: int) -> None:
    """One more report of each learner waits."""
    from learners import reports, stream

    for one in playbacks:
        stream.put(reports.read(one.body(until)))


def verdict(holds: bool) -> str:
    return "met" if holds else "MISSED"
