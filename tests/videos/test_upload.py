"""Uploads in parts, over the API and at the signed address."""

import base64
import hashlib
import os
import shutil
import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from marketplace.lib import work
from tests.courses.factories import make_course
from tests.videos.films import upload_of
from videos import halting, parts, shelves, strays, transcoding, uploading
from videos.models import Upload, Video
from videos.models import upload as upload_module
from videos.models.upload import PartsMissing, QuotaReached, TooManyUploads, UploadClosed
from videos.models.video import VideoQuerySet

PART = 64 * 1024


@pytest.fixture(autouse=True)
def _small_parts(settings: object) -> None:
    settings.UPLOAD_PART_BYTES = PART  # type: ignore[attr-defined]


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def begin(client: APIClient, size: int, name: str = "film.mp4", kind: str = "video/mp4") -> dict:
    answer = client.post("/api/v1/uploads/", {"name": name, "size": size, "type": kind})
    assert answer.status_code == 201, answer.content
    return answer.json()


def send(client: APIClient, upload: dict, number: int, content: bytes, **headers: str) -> object:
    signed = client.post(f"/api/v1/uploads/{upload['id']}/parts/{number}/sign/").json()
    address = signed["url"].removeprefix("http://testserver")
    # A client without cookies or tokens: the address alone opens the door.
    return Client().put(address, content, content_type="application/octet-stream", headers=headers)


def send_all(client: APIClient, upload: dict, content: bytes) -> list[dict]:
    sent = []
    size = upload["part_size"]
    for number in range(1, upload["parts_count"] + 1):
        answer = send(client, upload, number, content[(number - 1) * size : number * size])
        assert answer.status_code == 200, answer.content
        sent.append({"number": number, "etag": answer["ETag"]})
    return sent


def test_a_film_sent_in_parts_is_converted_from_exactly_its_bytes(ada: User, film: Path) -> None:
    client, content = client_of(ada), film.read_bytes()
    upload = begin(client, len(content))
    assert upload["video"]["state"] == "uploading"
    assert upload["part_size"] == PART
    sent = send_all(client, upload, content)
    assert len(sent) > 1
    assert sent[0]["etag"].strip('"') == hashlib.md5(content[:PART]).hexdigest()
    answer = client.post(f"/api/v1/uploads/{upload['id']}/complete/", {"parts": sent})
    assert answer.json()["state"] == "uploaded"
    video = Video.objects.get()
    work.run(Video, video.pk, transcoding.transcode)
    assert shelves.original(video.pk).read_bytes() == content
    assert not shelves.upload_folder(upload["id"]).exists()
    shown = client.get(f"/api/v1/videos/{video.pk}/").json()
    assert (shown["state"], shown["failure"]) == ("ready", None)
    assert shown["play_url"].endswith("/master.m3u8")


def test_an_upload_goes_on_from_the_parts_that_are_here(ada: User, film: Path) -> None:
    client, content = client_of(ada), film.read_bytes()
    upload = begin(client, len(content))
    send(client, upload, 2, content[PART : 2 * PART])
    here = client_of(ada).get(f"/api/v1/uploads/{upload['id']}/parts/").json()
    assert [(part["number"], part["size"]) for part in here] == [(2, PART)]
    listed = client.get("/api/v1/uploads/").json()["results"]
    assert [(one["id"], one["received"]) for one in listed] == [(upload["id"], PART)]


@pytest.mark.parametrize(
    ("asked", "field", "code"),
    [
        ({"name": "film.mp4", "size": 0}, "size", "empty"),
        ({"name": "film.mp4", "size": -5}, "size", "empty"),
        ({"name": "film.mp4", "size": 9 * 1024**4}, "size", "larger"),
        ({"name": "notes.txt", "size": 10}, "name", "not a film"),
        ({"name": "film.mp4", "size": 10, "type": "text/plain"}, "type", "not a film"),
        ({"size": 10}, "name", "required"),
        ({"name": "film.mp4", "size": "many"}, "size", "integer"),
        ({"name": "film\0.mp4", "size": 10}, "name", "Null"),
    ],
)
def test_what_cannot_be_a_film_is_refused_before_any_byte(ada: User, asked: dict, field: str, code: str) -> None:
    answer = client_of(ada).post("/api/v1/uploads/", asked)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert code in answer.json()["errors"][field][0]
    assert not Video.objects.exists()


def test_only_creators_upload(lin: User) -> None:
    answer = client_of(lin).post("/api/v1/uploads/", {"name": "film.mp4", "size": 10})
    assert (answer.status_code, answer.json()["code"]) == (403, "creators_only")
    assert APIClient().post("/api/v1/uploads/", {"name": "film.mp4", "size": 10}).status_code == 401


def test_uploads_and_films_of_others_are_not_found(ada: User, cole: User) -> None:
    upload = begin(client_of(ada), 100)
    stranger = client_of(cole)
    video = upload["video"]["id"]
    tried = [
        stranger.get(f"/api/v1/uploads/{upload['id']}/"),
        stranger.get(f"/api/v1/uploads/{upload['id']}/parts/"),
        stranger.post(f"/api/v1/uploads/{upload['id']}/parts/1/sign/"),
        stranger.post(f"/api/v1/uploads/{upload['id']}/complete/", {"parts": [{"number": 1, "etag": "x"}]}),
        stranger.delete(f"/api/v1/uploads/{upload['id']}/"),
        stranger.get(f"/api/v1/videos/{video}/"),
        stranger.patch(f"/api/v1/videos/{video}/", {"name": "mine"}),
        stranger.post(f"/api/v1/videos/{video}/retry/"),
        stranger.post(f"/api/v1/videos/{video}/captions/", {"language": "en"}),
    ]
    assert {answer.status_code for answer in tried} == {404}
    assert stranger.get("/api/v1/videos/").json()["results"] == []


def test_a_part_of_the_wrong_size_or_checksum_is_refused(ada: User, film: Path) -> None:
    client, content = client_of(ada), film.read_bytes()
    upload = begin(client, len(content))
    assert send(client, upload, 1, content[:100]).json()["code"] == "part_refused"
    wrong = base64.b64encode(hashlib.md5(b"other").digest()).decode()
    assert send(client, upload, 1, content[:PART], **{"Content-MD5": wrong}).status_code == 400
    right = base64.b64encode(hashlib.md5(content[:PART]).digest()).decode()
    assert send(client, upload, 1, content[:PART], **{"Content-MD5": right}).status_code == 200
    assert len(list(shelves.upload_folder(upload["id"]).iterdir())) == 1
    assert client.post(f"/api/v1/uploads/{upload['id']}/parts/999/sign/").status_code == 400


def test_a_signed_address_opens_one_part_of_one_upload_for_some_hours(ada: User, film: Path) -> None:
    upload = Upload.objects.begin(owner=ada, name="film.mp4", size=3 * PART, content_type="")
    good = parts.signed_path(upload, 1)
    other = good.replace("/parts/1/", "/parts/2/")
    *_, expires, token, _end = good.split("/")
    later = good.replace(expires, str(int(expires) + 1))
    past = good.replace(expires, "1")
    for address in (other, later, past, good.replace(token, "0" * 40)):
        answer = Client().put(address, b"x" * PART, content_type="application/octet-stream")
        assert (answer.status_code, answer.json()["code"]) == (403, "bad_signature")


def test_text_named_as_a_film_is_refused_at_its_first_part(ada: User) -> None:
    client = client_of(ada)
    upload = begin(client, 3 * PART)
    answer = send(client, upload, 1, b"text" * (PART // 4))
    assert (answer.status_code, answer.json()["code"]) == (415, "not_a_film")
    shown = client.get(f"/api/v1/videos/{upload['video']['id']}/").json()
    assert (shown["state"], shown["failure"]["code"]) == ("failed", "not_a_film")
    assert shown["steps"][0]["state"] == "failed"


def test_completing_needs_every_part_as_it_was_sent(ada: User, film: Path) -> None:
    client, content = client_of(ada), film.read_bytes()
    upload = begin(client, len(content))
    sent = send_all(client, upload, content)
    address = f"/api/v1/uploads/{upload['id']}/complete/"
    for said in (sent[1:], [{**sent[0], "etag": "0" * 32}, *sent[1:]], [*sent, {"number": 99, "etag": "x"}]):
        answer = client.post(address, {"parts": said})
        assert (answer.status_code, answer.json()["code"]) == (409, "parts_missing")
    assert client.post(address, {"parts": "none"}).status_code == 400
    assert client.post(address, {"parts": sent}).status_code == 200
    assert client.post(address, {"parts": sent}).status_code == 200


def test_an_upload_that_has_ended_takes_no_part_and_says_what_to_do(ada: User, film: Path) -> None:
    client, content = client_of(ada), film.read_bytes()
    upload = begin(client, len(content))
    sign = f"/api/v1/uploads/{upload['id']}/parts/1/sign/"
    address = client.post(sign).json()["url"].removeprefix("http://testserver")
    Upload.objects.get().expire()
    for answer in (client.post(sign), Client().put(address, content[:PART], content_type="application/octet-stream")):
        assert (answer.status_code, answer.json()["code"]) == (409, "upload_closed")
        assert "Begin it anew" in answer.json()["detail"]


def test_an_upload_that_is_taken_back_leaves_nothing(ada: User, film: Path) -> None:
    client, content = client_of(ada), film.read_bytes()
    upload = begin(client, len(content))
    send(client, upload, 1, content[:PART])
    assert client.delete(f"/api/v1/uploads/{upload['id']}/").status_code == 204
    assert not shelves.upload_folder(upload["id"]).exists()
    assert client.get("/api/v1/videos/").json()["results"] == []
    assert client.delete(f"/api/v1/uploads/{upload['id']}/").status_code == 409


def test_the_quota_counts_what_is_promised_and_frees_what_failed(ada: User, settings: object) -> None:
    settings.UPLOAD_QUOTA_BYTES = 1000  # type: ignore[attr-defined]
    first = Upload.objects.begin(owner=ada, name="a.mp4", size=600, content_type="")
    with pytest.raises(QuotaReached):
        Upload.objects.begin(owner=ada, name="b.mp4", size=600, content_type="")
    first.abort()
    Upload.objects.begin(owner=ada, name="b.mp4", size=600, content_type="")


def test_no_more_than_fifty_uploads_are_open(ada: User) -> None:
    for at in range(50):
        Upload.objects.begin(owner=ada, name=f"{at}.mp4", size=10, content_type="")
    with pytest.raises(TooManyUploads):
        Upload.objects.begin(owner=ada, name="one more.mp4", size=10, content_type="")


def test_an_upload_that_nobody_goes_on_with_expires(ada: User, film: Path) -> None:
    old = Upload.objects.begin(owner=ada, name="old.mp4", size=10, content_type="")
    Upload.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    fresh = Upload.objects.begin(owner=ada, name="fresh.mp4", size=10, content_type="")
    shelves.upload_folder(old.pk).mkdir(parents=True)
    assert uploading.expire_old() == 1
    assert uploading.expire_old() == 0
    assert not shelves.upload_folder(old.pk).exists()
    old.refresh_from_db()
    assert (old.is_open, old.video.failure_code) == (False, "upload_expired")
    assert Upload.objects.open().get() == fresh


def test_an_upload_on_its_way_is_no_work_for_the_sweeper(ada: User) -> None:
    upload = Upload.objects.begin(owner=ada, name="film.mp4", size=10, content_type="")
    assert not Video.due_work().exists()
    assert Video.claim(upload.video_id) is None


class Slow:
    """A body that stops half-way until it is let on."""

    def __init__(self, content: bytes, go: threading.Barrier) -> None:
        self.pieces = [content[: len(content) // 2], content[len(content) // 2 :], b""]
        self.go = go

    def read(self, _size: int) -> bytes:
        piece = self.pieces.pop(0)
        if len(self.pieces) == 1:
            self.go.wait(timeout=10)
        return piece


@pytest.mark.django_db(transaction=True)
def test_of_two_writers_of_one_part_one_wins_whole(ada: User) -> None:
    """Both are half-way when the other one is: a shared file would hold a mixture."""
    upload = Upload.objects.begin(owner=ada, name="film.mp4", size=PART, content_type="")
    go = threading.Barrier(2)
    bodies = [b"\0\0\0\x18ftyp" + letter * (PART - 8) for letter in (b"a", b"b")]

    def write(body: bytes) -> None:
        parts.receive(upload, 1, Slow(body, go), length=PART)  # type: ignore[arg-type]
        connection.close()

    threads = [threading.Thread(target=write, args=[body]) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    part = upload.parts.get()
    kept = list(shelves.upload_folder(upload.pk).iterdir())
    assert [path.name for path in kept] == [part.file_name]
    content = kept[0].read_bytes()
    assert content in bodies
    assert hashlib.md5(content).hexdigest() == part.etag


@pytest.mark.django_db(transaction=True)
def test_uploads_begun_at_once_do_not_overrun_the_quota(ada: User, settings: object) -> None:
    settings.UPLOAD_QUOTA_BYTES = 1000  # type: ignore[attr-defined]
    begun, refused = _begin_at_once(ada)
    assert (begun, refused) == (1, 7)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_would(ada: User, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: with the person's row unlocked, all of the crowd have read before one has written."""
    settings.UPLOAD_QUOTA_BYTES = 1000  # type: ignore[attr-defined]
    read, kept_for = threading.Barrier(8), VideoQuerySet.bytes_kept_for

    def read_together(films: VideoQuerySet, owner: User, *, cancelled_too: bool = False) -> int:
        kept = kept_for(films, owner, cancelled_too=cancelled_too)
        if cancelled_too:  # the last look before the row is written
            read.wait(timeout=30)
        return kept

    monkeypatch.setattr(upload_module, "lock_person", lambda owner: None)
    monkeypatch.setattr(VideoQuerySet, "bytes_kept_for", read_together)
    assert _begin_at_once(ada) == (8, 0)


def _begin_at_once(owner: User) -> tuple[int, int]:
    """How many of eight uploads that begin together were taken, and how many refused."""
    results: list[bool] = []
    go = threading.Barrier(8)

    def try_one() -> None:
        go.wait(timeout=10)
        try:
            Upload.objects.begin(owner=owner, name="film.mp4", size=600, content_type="")
            results.append(True)
        except QuotaReached:
            results.append(False)
        connection.close()

    threads = [threading.Thread(target=try_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results.count(True), results.count(False)


def test_a_crash_between_joining_and_probing_costs_nothing(ada: User, film: Path) -> None:
    client, content = client_of(ada), film.read_bytes()
    upload = begin(client, len(content))
    sent = send_all(client, upload, content)
    client.post(f"/api/v1/uploads/{upload['id']}/complete/", {"parts": sent})
    row = Upload.objects.get()
    parts.join(row, lambda done: None)
    parts.join(row, lambda done: None)  # the next attempt finds the original in place and no parts
    assert shelves.original(row.video_id).read_bytes() == content


def test_a_missing_part_file_is_an_error_and_no_short_original(ada: User, film: Path) -> None:
    client, content = client_of(ada), film.read_bytes()
    upload = begin(client, len(content))
    send_all(client, upload, content)
    row = Upload.objects.get()
    next(iter(shelves.upload_folder(row.pk).iterdir())).unlink()
    with pytest.raises(FileNotFoundError):
        parts.join(row, lambda done: None)
    assert not shelves.original(row.video_id).exists()
    assert not list(shelves.original(row.video_id).parent.iterdir())


def test_parts_are_not_joined_where_the_reserve_of_the_disk_would_go(
    ada: User, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL may live on it: while they are joined, a film needs its room twice."""
    client, content = client_of(ada), film.read_bytes()
    upload = begin(client, len(content))
    client.post(f"/api/v1/uploads/{upload['id']}/complete/", {"parts": send_all(client, upload, content)})
    left = shutil._ntuple_diskusage(2**40, 2**39, shelves.RESERVE_BYTES + len(content) // 2)  # type: ignore[attr-defined]
    video = Video.objects.get()
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _folder: left)
        work.run(Video, video.pk, transcoding.transcode)
    video.refresh_from_db()
    assert (video.state, video.attempts, shelves.original(video.pk).exists()) == ("probing", 0, False)
    parts.join(Upload.objects.get(), lambda done: None)
    assert shelves.original(video.pk).read_bytes() == content


def test_a_disk_that_takes_half_of_a_piece_is_asked_to_take_the_rest(tmp_path: Path) -> None:
    target, write = tmp_path / "in.bin", os.write

    def half(file: int, content: memoryview) -> int:
        return write(file, content[: max(1, len(content) // 2)])

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shelves.os, "write", half)
        shelves.write([b"abc" * 100, b"def"], target, 303, lambda done: None)
    assert target.read_bytes() == b"abc" * 100 + b"def"


def test_complete_and_abort_exclude_each_other(ada: User, film: Path) -> None:
    upload = Upload.objects.begin(owner=ada, name="film.mp4", size=10, content_type="")
    upload.abort()
    with pytest.raises(UploadClosed):
        upload.complete([{"number": 1, "etag": "x"}])
    with pytest.raises(UploadClosed):
        upload.record_part(number=1, size=10, etag="0" * 32, file_name="part")
    other = Upload.objects.begin(owner=ada, name="film.mp4", size=10, content_type="")
    with pytest.raises(PartsMissing):
        other.complete([{"number": 1, "etag": "x"}])


def test_a_removed_film_frees_its_space_and_leaves_no_file(
    ada: User, film: Path, django_capture_on_commit_callbacks: object
) -> None:
    upload = upload_of(ada, film.read_bytes())
    client, address = client_of(ada), f"/api/v1/videos/{upload.video_id}/"
    assert client.delete(address).json()["code"] == "video_not_settled"
    work.run(Video, upload.video_id, transcoding.transcode)
    assert Video.objects.bytes_kept_for(ada) > 0
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert client.delete(address).status_code == 204
    assert Video.objects.bytes_kept_for(ada) == 0
    assert not [path for path in shelves.root().rglob("*") if path.is_file()]


def test_an_upload_that_ends_just_then_does_not_keep_the_sweep_from_the_others(
    ada: User, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending, late = (Upload.objects.begin(owner=ada, name="film.mp4", size=10, content_type="") for _ in range(2))
    Upload.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    dead = shelves.root() / "uploads" / "33333333-3333-4333-8333-333333333333"
    dead.mkdir(parents=True)
    os.utime(dead, (time.time() - strays.KNOWN_AFTER.total_seconds() - 60,) * 2)
    expire = Upload.expire

    def after_its_owner(upload: Upload) -> None:
        if upload.pk == ending.pk:
            Upload.objects.get(pk=ending.pk).abort()
        expire(upload)

    monkeypatch.setattr(Upload, "expire", after_its_owner)
    assert uploading.expire_old() == 1
    late.video.refresh_from_db()
    assert (late.video.failure_code, dead.exists()) == ("upload_expired", False)


@pytest.mark.parametrize("end", ["stopped", "failed"])
def test_a_film_removed_before_its_parts_were_joined_leaves_no_file(
    ada: User, film: Path, end: str, django_capture_on_commit_callbacks: Any
) -> None:
    client, content = client_of(ada), film.read_bytes()
    upload = begin(client, len(content))
    client.post(f"/api/v1/uploads/{upload['id']}/complete/", {"parts": send_all(client, upload, content)})
    video = Video.objects.get()
    halting.cancel(video, ada) if end == "stopped" else video.fail("timed_out")
    assert list(shelves.upload_folder(upload["id"]).iterdir())
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(f"/api/v1/videos/{video.pk}/").status_code == 204
    assert not [path for path in shelves.root().rglob("*") if path.is_file()]


def test_what_lies_here_of_no_row_is_swept_and_what_may_be_needed_stays(ada: User, film: Path) -> None:
    client, content = client_of(ada), film.read_bytes()
    for waits in ("open", "complete"):
        upload = begin(client, len(content))
        sent = send_all(client, upload, content)
        if waits == "complete":
            client.post(f"/api/v1/uploads/{upload['id']}/complete/", {"parts": sent})
    whole = upload_of(ada, content).video
    stopped = upload_of(ada, content).video
    halting.cancel(stopped, ada)
    needed = {path for path in shelves.root().rglob("*") if path.is_file()}
    gone = "33333333-3333-4333-8333-333333333333"
    for stray in (shelves.upload_folder(gone) / "part-00001-x", shelves.original(gone)):
        stray.parent.mkdir(parents=True)
        stray.write_bytes(b"x")
    uploading.expire_old()
    assert shelves.original(gone).exists()  # its row may be on its way back into the database
    for stray in (shelves.upload_folder(gone), shelves.original(gone).parent):
        os.utime(stray, (time.time() - strays.KNOWN_AFTER.total_seconds() - 60,) * 2)
    uploading.expire_old()
    assert {path for path in shelves.root().rglob("*") if path.is_file()} == needed
    assert {shelves.original(whole.pk), shelves.original(stopped.pk)} < needed


def test_of_a_database_that_knows_nothing_of_the_files_none_goes_and_somebody_is_told(
    ada: User, film: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Empty, another shop's, or restored to too early a moment: a day later the files are still there."""
    monkeypatch.setattr(strays, "KNOWN_AFTER", timedelta(days=-1))
    upload_of(ada, film.read_bytes())
    for _n in range(strays.MANY + 1):
        original = shelves.original(uuid.uuid4())
        original.parent.mkdir(parents=True)
        original.write_bytes(b"x")
    here = shelves.originals_here()
    uploading.expire_old()
    assert shelves.originals_here() == here
    (told,) = [one for one in caplog.records if one.getMessage() == "files_without_rows"]
    assert (told.place, told.without, told.of) == ("originals", strays.MANY + 1, len(here))  # type: ignore[attr-defined]
    monkeypatch.setattr(strays, "MANY_PERCENT", 100)  # as where they are a small part
    uploading.expire_old()
    assert len(shelves.originals_here()) == len(here) - strays.MANY - 1


def test_a_film_that_a_lesson_shows_stays(ada: User) -> None:
    course = make_course(ada.creator, lessons=1, live=False)
    video = Video.objects.get(lessons__version__course=course)
    answer = client_of(ada).delete(f"/api/v1/videos/{video.pk}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "video_in_use")
    assert Video.objects.filter(pk=video.pk).exists()


def test_films_of_as_many_bytes_are_told_with_the_checksums_of_their_parts(ada: User, cole: User, film: Path) -> None:
    content, client = film.read_bytes(), client_of(ada)
    upload = begin(client, len(content))
    parts = send_all(client, upload, content)

    def known(size: object, by: User = ada) -> Any:
        return client_of(by).get(reverse("api-uploads-known"), {"size": size})

    assert known(len(content)).json() == []  # nobody knows yet what it will be
    client.post(f"/api/v1/uploads/{upload['id']}/complete/", {"parts": parts}, format="json")
    (told,) = known(len(content)).json()
    assert told["etags"] == [part["etag"].strip('"') for part in parts]
    assert (told["part_size"], told["video"]["id"]) == (PART, str(Video.objects.get().pk))
    assert (known(len(content) + 1).json(), known(len(content), cole).json()) == ([], [])
    assert [known(wrong).status_code for wrong in ("", 0, "many", 10**30)] == [400] * 4
    Video.objects.get().cancel(ada)
    assert known(len(content)).json() == []
