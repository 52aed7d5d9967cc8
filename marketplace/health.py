"""Answers for two questions of machines: is this process alive (/healthz), can the whole do its work (/readyz).

/healthz touches nothing but the process, so that a database that is down does not make a supervisor kill every web
process. /readyz asks every part that a sale and a film need, and says which one is missing.
"""

import time
import uuid
from collections.abc import Callable
from pathlib import Path

import redis
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learners import merger

from . import heartbeat


class NotReady(Exception):
    """A part does not work, with a sentence for the operator. Never holds addresses or passwords."""


def check_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        raise NotReady(f"the database does not answer ({type(error).__name__})") from error


def check_broker() -> None:
    try:
        heartbeat.valkey().ping()
    except redis.RedisError as error:
        raise NotReady(f"the broker does not answer ({type(error).__name__})") from error


def check_storage() -> None:
    """Writes and deletes a few bytes where pictures and where films are kept."""
    name = f".ready-{uuid.uuid4().hex}"
    try:
        default_storage.delete(default_storage.save(name, ContentFile(b"ready")))
        folder = Path(settings.VIDEO_ROOT)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"ready")
        (folder / name).unlink()
    except OSError as error:
        raise NotReady(f"files cannot be written ({error.strerror or type(error).__name__})") from error


def check_workers() -> None:
    """Every queue has a worker that showed itself lately; beat and the merger of watch reports have too."""
    try:
        ages = heartbeat.ages()
    except redis.RedisError as error:
        raise NotReady("unknown while the broker does not answer") from error
    needed = [*settings.KEZHAN_QUEUES, heartbeat.BEAT, merger.QUEUE]
    if missing := [name for name in needed if ages.get(name, heartbeat.ALIVE_WITHIN) >= heartbeat.ALIVE_WITHIN]:
        raise NotReady(f"nobody works on: {', '.join(missing)}")


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "broker": check_broker,
    "storage": check_storage,
    "workers": check_workers,
}


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when every part works, else 503; the body names each part either way."""
    parts = {name: _outcome(check) for name, check in CHECKS.items()}
    is_ready = all(part["ok"] for part in parts.values())
    return JsonResponse({"ready": is_ready, "parts": parts}, status=200 if is_ready else 503)


def _outcome(check: Callable[[], None]) -> dict[str, object]:
    began = time.perf_counter()
    try:
        check()
    except NotReady as reason:
        return {"ok": False, "reason": str(reason)}
    return {"ok": True, "ms": round((time.perf_counter() - began) * 1000)}
