"""Uploads straight to S3: the same five calls of the API, the bytes to a real server that is not ours."""

import base64
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from marketplace.lib import work
from tests.videos.films import make_film
from tests.videos.s3 import S3
from tests.videos.test_upload import begin, client_of
from videos import bucket, halting, shelves, strays, transcoding, uploading
from videos.models import Upload, Video
from videos.models.upload import QuotaReached

# The least that S3 takes for a part that is not the last one.
PART = 5 * 1024 * 1024

pytestmark = pytest.mark.usefixtures("s3")


@pytest.fixture(autouse=True)
def _parts(settings: Any) -> None:
    settings.UPLOAD_PART_BYTES = PART


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A film of two parts and a bit: a small one, and a box of zeros behind it that players pass over."""
    film = make_film(tmp_path_factory.mktemp("films") / "film.mp4", seconds=0.5).read_bytes()
    return film + (2 * PART + 8).to_bytes(4, "big") + b"free" + bytes(2 * PART)


def sign(client: APIClient, upload: dict, number: int, **asked: str) -> dict:
    return client.post(f"/api/v1/uploads/{upload['id']}/parts/{number}/sign/", asked).json()


def put(signed: dict, content: bytes, **headers: str) -> requests.Response:
    """From a browser of nobody: no cookie, no key, only the address."""
    return requests.put(signed["url"], content, headers={**signed["headers"], **headers}, timeout=20)


def send_all(client: APIClient, upload: dict, content: bytes) -> list[dict]:
    sent = []
    for number in range(1, upload["parts_count"] + 1):
        answer = put(sign(client, upload, number), content[(number - 1) * PART : number * PART])
        assert answer.status_code == 200, answer.text
        sent.append({"number": number, "etag": answer.headers["ETag"]})
    return sent


def complete(client: APIClient, upload: dict, sent: list[dict]) -> Any:
    return client.post(f"/api/v1/uploads/{upload['id']}/complete/", {"parts": sent})


def keys(s3: S3, settings: Any) -> list[str]:
    return [one["Key"] for one in s3.client.list_objects_v2(Bucket=settings.VIDEO_BUCKET).get("Contents", [])]


def test_a_film_goes_to_s3_in_parts_and_is_converted_from_exactly_its_bytes(
    ada: User, large: bytes, s3: S3, settings: Any
) -> None:
    client = client_of(ada)
    upload = begin(client, len(large))
    sent = send_all(client, upload, large)
    assert sign(client, upload, 1)["url"].startswith(s3.url)
    assert not shelves.upload_folder(upload["id"]).exists()
    answer = complete(client, upload, sent)
    assert answer.json()["state"] == "uploaded", answer.content
    assert complete(client, upload, sent).status_code == 200
    assert keys(s3, settings) == [f"uploads/{upload['id']}"]
    video = Video.objects.get()
    work.run(Video, video.pk, transcoding.transcode)
    video.refresh_from_db()
    assert video.is_ready, video.failure_detail
    assert shelves.original(video.pk).read_bytes() == large
    assert keys(s3, settings) == []


def test_an_upload_goes_on_from_the_parts_that_s3_has(ada: User, large: bytes) -> None:
    client = client_of(ada)
    upload = begin(client, len(large))
    put(sign(client, upload, 2), large[PART : 2 * PART])
    here = client_of(ada).get(f"/api/v1/uploads/{upload['id']}/parts/").json()
    etag = hashlib.md5(large[PART : 2 * PART]).hexdigest()
    assert here == [{"number": 2, "size": PART, "etag": etag}]
    answer = complete(client, upload, [{"number": 2, "etag": etag}])
    assert (answer.status_code, answer.json()["code"]) == (409, "parts_missing")
    assert answer.json()["missing"] == [1, 3]


def test_s3_itself_refuses_a_part_of_another_size_or_checksum(ada: User, large: bytes) -> None:
    client = client_of(ada)
    upload = begin(client, len(large))
    part = large[:PART]
    assert put(sign(client, upload, 1), part[:-1]).status_code >= 400
    said = base64.b64encode(hashlib.md5(part).digest()).decode()
    signed = sign(client, upload, 1, md5=said)
    assert signed["headers"] == {"Content-MD5": said}
    assert put(signed, part[:-1] + b"x").status_code >= 400
    assert put(signed, part[:-1] + b"x", **{"Content-MD5": "x" * 22 + "=="}).status_code >= 400
    assert client.get(f"/api/v1/uploads/{upload['id']}/parts/").json() == []
    assert put(signed, part).status_code == 200
    assert sign(client, upload, 4)["code"] == "part_refused"
    assert "md5" in sign(client, upload, 1, md5="no checksum")["errors"]


def test_an_address_opens_one_part_of_one_upload(ada: User, large: bytes) -> None:
    client = client_of(ada)
    upload = begin(client, len(large))
    address = sign(client, upload, 1)["url"]
    for wrong in (address.replace("partNumber=1", "partNumber=2"), address.replace("Expires=21600", "Expires=99999")):
        assert wrong != address
        assert requests.put(wrong, large[:PART], timeout=20).status_code == 403


def test_what_is_no_film_is_refused_once_it_is_there_and_taken_away(ada: User, s3: S3, settings: Any) -> None:
    client = client_of(ada)
    upload = begin(client, 4000)
    answer = put(sign(client, upload, 1), b"text" * 1000)
    answer = complete(client, upload, [{"number": 1, "etag": answer.headers["ETag"]}])
    assert (answer.status_code, answer.json()["code"]) == (415, "not_a_film")
    shown = client.get(f"/api/v1/videos/{upload['video']['id']}/").json()
    assert (shown["state"], shown["failure"]["code"]) == ("failed", "not_a_film")
    assert keys(s3, settings) == []


def test_a_completion_that_died_half_way_is_gone_on_with(ada: User, large: bytes) -> None:
    client = client_of(ada)
    upload = begin(client, len(large))
    sent = send_all(client, upload, large)
    row = Upload.objects.get()
    uploading.parts_here(row)
    # As the process did before it died, and wrote nothing down.
    bucket.complete(row.pk, row.store_id, [(part["number"], part["etag"].strip('"')) for part in sent])
    assert complete(client, upload, sent).json()["state"] == "uploaded"


def test_what_is_taken_back_or_expires_leaves_nothing_in_s3(ada: User, large: bytes, s3: S3, settings: Any) -> None:
    client = client_of(ada)
    first, second = begin(client, len(large)), begin(client, len(large))
    for upload in (first, second):
        put(sign(client, upload, 1), large[:PART])
    assert client.delete(f"/api/v1/uploads/{first['id']}/").status_code == 204
    Upload.objects.filter(pk=second["id"]).update(expires_at=timezone.now() - timedelta(minutes=1))
    assert uploading.expire_old() == 1
    assert bucket.open_uploads(before=timezone.now() + timedelta(minutes=1)) == []
    assert keys(s3, settings) == []


def test_a_film_removed_before_a_worker_fetched_it_leaves_nothing_in_s3(
    ada: User,
    large: bytes,
    s3: S3,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    client = client_of(ada)
    for is_away in (False, True):
        upload = begin(client, len(large))
        complete(client, upload, send_all(client, upload, large))
        halting.cancel(Video.objects.get(), ada)
        settings.S3_ENDPOINT_URL = "http://127.0.0.1:9" if is_away else s3.url
        with django_capture_on_commit_callbacks(execute=True):
            assert client.delete(f"/api/v1/videos/{upload['video']['id']}/").status_code == 204
        settings.S3_ENDPOINT_URL = s3.url
        assert keys(s3, settings) == ([f"uploads/{upload['id']}"] if is_away else [])
    waiting = begin(client, len(large))
    complete(client, waiting, send_all(client, waiting, large))
    s3.client.put_object(Bucket=settings.VIDEO_BUCKET, Key="uploads/notes.txt", Body=b"not ours")
    monkeypatch.setattr(strays, "KNOWN_AFTER", timedelta(minutes=-1))  # as a day later
    uploading.expire_old()
    assert keys(s3, settings) == sorted([f"uploads/{waiting['id']}", "uploads/notes.txt"])


@pytest.mark.django_db
def test_the_sweep_minds_no_original_on_its_way_to_a_cold_place_in_the_same_bucket(
    s3: S3, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COLD_BUCKET = settings.VIDEO_BUCKET
    monkeypatch.setattr(uploading, "STRAY_AFTER", timedelta(minutes=-1))
    half = {"Bucket": settings.VIDEO_BUCKET, "Key": "originals/44444444-4444-4444-8444-444444444444"}
    s3.client.create_multipart_upload(**half)
    uploading.expire_old()
    assert [one["Key"] for one in half_put(s3, settings)] == [half["Key"]]
    monkeypatch.setattr(shelves, "JOB_LIVES_S", -60)  # as a day later
    uploading.expire_old()
    assert not half_put(s3, settings)


def half_put(s3: S3, settings: Any) -> list[Any]:
    return s3.client.list_multipart_uploads(Bucket=settings.VIDEO_BUCKET).get("Uploads", [])


def test_what_s3_holds_open_and_nobody_here_is_swept(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = begin(client_of(ada), 4000)
    bucket.begin("22222222-2222-4222-8222-222222222222", "video/mp4")
    monkeypatch.setattr(uploading, "STRAY_AFTER", timedelta(minutes=-1))
    uploading.expire_old()
    assert [pk for pk, _ in bucket.open_uploads(before=timezone.now() + timedelta(minutes=1))] == [ours["id"]]


def test_an_upload_over_the_quota_is_begun_nowhere(ada: User, settings: Any) -> None:
    settings.UPLOAD_QUOTA_BYTES = 1000
    with pytest.raises(QuotaReached):
        uploading.begin(ada, name="film.mp4", size=5000, type="video/mp4")
    assert bucket.open_uploads(before=timezone.now() + timedelta(minutes=1)) == []


def test_a_store_that_does_not_answer_costs_time_and_nothing_else(
    ada: User, s3: S3, tmp_path: Path, settings: Any
) -> None:
    client = client_of(ada)
    content = make_film(tmp_path / "film.mp4", seconds=0.5).read_bytes()
    upload = begin(client, len(content))
    sent = send_all(client, upload, content)
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"
    answers = [client.post("/api/v1/uploads/", {"name": "b.mp4", "size": 10}), complete(client, upload, sent)]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(503, "store_down")] * 2
    assert Upload.objects.count() == 1
    settings.S3_ENDPOINT_URL = s3.url
    assert complete(client, upload, sent).status_code == 200
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"
    video = Video.objects.get()
    work.run(Video, video.pk, transcoding.transcode)
    video.refresh_from_db()
    assert (video.is_settled, video.attempts) == (False, 0)
    settings.S3_ENDPOINT_URL = s3.url
    Video.objects.filter(pk=video.pk).update(due_at=timezone.now())
    work.run(Video, video.pk, transcoding.transcode)
    video.refresh_from_db()
    assert video.is_ready, video.failure_detail
