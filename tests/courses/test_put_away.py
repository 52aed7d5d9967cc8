"""The file of a cover or a portrait: who gets it by its own address while a moderator keeps it from the public."""

import io
import uuid
from pathlib import Path
from typing import Any

import pytest
import requests
from django.conf import settings as known
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.db import connections
from django.test import Client
from PIL import Image

from accounts.models import User
from courses import putting_away, sharing, tasks
from courses.models import Course, PutAway, Takedown, Version
from creators.models import Suspension
from learners.models import Enrollment
from marketplace import pictures
from marketplace.local import nginx
from tests import cast
from tests.courses.factories import make_course_by_verbs
from tests.videos.s3 import S3, s3, s3_server

__all__ = ["s3", "s3_server"]  # fixtures of a neighbor

pytestmark = pytest.mark.django_db


def drawn() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (1280, 720), (10, 200, 40)).save(file, "PNG")
    file.seek(0)
    return file


@pytest.fixture
def course(ada: User, sam: User) -> Course:
    return make_course_by_verbs(title="Kilns", lessons=1)


def addresses(course: Course) -> list[str]:
    return [course.cover.url, course.cover_small.url]


def answers(reader: User | None, pages: list[str]) -> set[int]:
    client = Client()
    if reader:
        client.force_login(reader)
    return {client.get(page).status_code for page in pages}


def take_down(course: Course, sam: User) -> Takedown:
    return Takedown.objects.take_down(course=course, by=sam, rule_code="privacy", reason="Shows somebody's address")


def test_a_cover_leaves_its_address_after_a_takedown_and_comes_back(course: Course, sam: User) -> None:
    other = make_course_by_verbs(title="Looms", lessons=1)
    pages, bytes_of_it = addresses(course), Client().get(course.cover.url).getvalue()
    down = take_down(course, sam)
    assert tasks.put_pictures_away() == 2
    assert not default_storage.exists(course.cover.name)
    assert answers(None, pages) == answers(cast.cole(), pages) == {404}
    assert answers(None, addresses(other)) == {200}
    assert tasks.put_pictures_away() == 0
    down.lift(by=sam, reason="Mended")
    assert tasks.put_pictures_away() == 2
    assert Client().get(course.cover.url).getvalue() == bytes_of_it
    assert not storages["private"].exists(course.cover.name)
    assert not PutAway.objects.exists()


def test_covers_of_former_versions_and_of_its_draft_go_too(course: Course, sam: User, ada: User) -> None:
    pages = addresses(course)
    course.open_draft(ada).change_cover(drawn(), by=ada)
    pages += addresses(course.working_version)
    assert len(set(pages)) == 4
    take_down(course, sam)
    assert tasks.put_pictures_away() == 4
    assert answers(None, pages) == {404}


def test_who_made_it_who_learns_it_and_moderators_see_it_still(course: Course, sam: User, ada: User, lin: User) -> None:
    Enrollment.objects.grant(learner=lin, course=course, source="staff")
    take_down(course, sam)
    tasks.put_pictures_away()
    for reader in (ada, lin, sam):
        assert answers(reader, addresses(course)) == {200}, reader
    client = Client()
    client.force_login(lin)
    assert client.get(course.cover.url)["Cache-Control"] == "private, no-store"


def test_with_a_creator_her_portrait_and_all_her_covers_go(course: Course, ada: User, sam: User) -> None:
    ada.creator.edit({"portrait": drawn()})
    pages = [*addresses(course), ada.creator.portrait.url]
    assert answers(None, pages) == {200}
    held = Suspension.objects.suspend(creator=ada.creator, by=sam, rule_code="rights", reason="x")
    assert tasks.put_pictures_away() == 3
    assert answers(None, pages) == {404}
    assert answers(ada, pages) == {200}
    held.lift(by=sam, reason="Heard")
    tasks.put_pictures_away()
    assert answers(None, pages) == {200}


def test_a_move_that_was_cut_short_is_made_anew(course: Course, sam: User, monkeypatch: pytest.MonkeyPatch) -> None:
    take_down(course, sam)
    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "delete", lambda name: 1 / 0)
        with pytest.raises(putting_away.sweeps.SweepFailed):
            tasks.put_pictures_away()
    assert default_storage.exists(course.cover.name)
    assert answers(None, addresses(course)) == {404}  # the row stands
    assert answers(sam, addresses(course)) == {200}
    assert tasks.put_pictures_away() == 2
    assert not default_storage.exists(course.cover.name)
    assert answers(sam, addresses(course)) == {200}


def test_a_new_cover_never_takes_the_name_of_one_that_is_away(course: Course, sam: User, ada: User) -> None:
    take_down(course, sam)
    tasks.put_pictures_away()
    draft = course.open_draft(ada)
    draft.change_cover(drawn(), by=ada)
    assert draft.cover.name not in set(PutAway.objects.values_list("name", flat=True))
    assert course.slug not in draft.cover.name  # nobody guesses the name of a draft's
    assert Version.objects.filter(cover=draft.cover.name).count() == 1


def test_one_that_cannot_be_moved_keeps_none_from_coming_back(course: Course, sam: User, ada: User) -> None:
    other = make_course_by_verbs(title="Looms", lessons=1)
    down = take_down(course, sam)
    tasks.put_pictures_away()
    default_storage.delete(other.cover.name)
    take_down(other, sam)
    down.lift(by=sam, reason="Mended")
    with pytest.raises(putting_away.sweeps.SweepFailed):
        tasks.put_pictures_away()
    assert default_storage.exists(course.cover.name)
    assert set(PutAway.objects.values_list("course", flat=True)) == {other.pk}


def test_what_is_exchanged_meanwhile_stays_away(course: Course, ada: User, sam: User) -> None:
    ada.creator.edit({"portrait": drawn()})
    draft = course.open_draft(ada)
    draft.change_cover(drawn(), by=ada)
    held = Suspension.objects.suspend(creator=ada.creator, by=sam, rule_code="rights", reason="x")
    down = take_down(course, sam)
    tasks.put_pictures_away()
    old = [ada.creator.portrait.url, *addresses(draft)]
    ada.creator.edit({"portrait": drawn()})
    draft.change_cover(drawn(), by=ada)
    assert tasks.put_pictures_away() == 3
    assert tasks.put_pictures_away() == 0
    assert answers(None, [*old, ada.creator.portrait.url, *addresses(draft)]) == {404}
    held.lift(by=sam, reason="Heard")
    assert tasks.put_pictures_away() == 2
    assert answers(None, [old[0], ada.creator.portrait.url]) == {200}
    assert answers(None, [*old[1:], *addresses(draft)]) == {404}
    down.lift(by=sam, reason="Mended")
    tasks.put_pictures_away()
    assert answers(None, [*old, *addresses(draft)]) == {200}


def test_all_see_it_from_the_moment_it_is_lifted(course: Course, ada: User, sam: User) -> None:
    ada.creator.edit({"portrait": drawn()})
    pages = [*addresses(course), ada.creator.portrait.url]
    held = Suspension.objects.suspend(creator=ada.creator, by=sam, rule_code="rights", reason="x")
    tasks.put_pictures_away()
    held.lift(by=sam, reason="Heard")
    assert answers(None, pages) == {200}
    assert PutAway.objects.count() == 3
    assert Client().get(pages[0])["Cache-Control"] == "private, no-store"


def test_who_had_the_course_once_does_not_see_its_cover(course: Course, sam: User, lin: User, ada: User) -> None:
    ada.creator.edit({"portrait": drawn()})
    right = Enrollment.objects.grant(learner=lin, course=course, source="staff")
    Suspension.objects.suspend(creator=ada.creator, by=sam, rule_code="rights", reason="x")
    tasks.put_pictures_away()
    assert answers(lin, addresses(course)) == {200}
    assert answers(lin, [ada.creator.portrait.url]) == {404}
    right.end("refunded")
    assert answers(lin, addresses(course)) == {404}


def test_a_file_that_lies_nowhere_is_told_and_its_row_stays(course: Course, sam: User) -> None:
    down = take_down(course, sam)
    tasks.put_pictures_away()
    kept = storages["private"].open(course.cover.name).read()
    storages["private"].delete(course.cover.name)
    down.lift(by=sam, reason="Mended")
    with pytest.raises(putting_away.sweeps.SweepFailed):
        tasks.put_pictures_away()
    assert PutAway.objects.get().name == course.cover.name
    default_storage.save(course.cover.name, ContentFile(kept))
    assert tasks.put_pictures_away() == 1
    assert not PutAway.objects.exists()


def test_a_file_half_brought_back_never_takes_the_place_of_the_whole(course: Course, sam: User) -> None:
    name = course.cover.name
    content = default_storage.open(name).read()
    down = take_down(course, sam)
    tasks.put_pictures_away()
    down.lift(by=sam, reason="Mended")
    default_storage.save(name, ContentFile(content[:40]))  # its worker was killed
    PutAway.objects.filter(name=name).update(moved_at=None)
    take_down(course, sam)
    assert tasks.put_pictures_away() == 1
    assert storages["private"].open(name).read() == content
    assert not default_storage.exists(name)


def test_where_no_nginx_of_ours_stands_old_cards_have_no_address_either(course: Course) -> None:
    default_storage.save("shared/1/a.jpg", ContentFile(b"a card"))
    ways = ["shared/1/a.jpg", "/shared/1/a.jpg", "covers/../shared/1/a.jpg", "../shared/1/a.jpg", "./shared//1/a.jpg"]
    assert answers(None, [f"/media/{way}" for way in ways]) == {404}


@pytest.mark.django_db(transaction=True)
def test_one_worker_at_a_time_moves_them(course: Course, sam: User) -> None:
    take_down(course, sam)
    other = connections.create_connection("default")
    try:
        with other.cursor() as another:
            another.execute("SELECT pg_advisory_lock(%s)", [putting_away._LOCK])
            assert tasks.put_pictures_away() == 0
            another.execute("SELECT pg_advisory_unlock(%s)", [putting_away._LOCK])
    finally:
        other.close()
    assert tasks.put_pictures_away() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(nginx.find_nginx() is None, reason="NO NGINX")
def test_nginx_asks_for_what_the_bucket_has_no_longer(
    course: Course, sam: User, live_server: Any, tmp_path: Path
) -> None:
    take_down(course, sam)
    tasks.put_pictures_away()
    client = Client()
    client.force_login(sam)
    session = {known.SESSION_COOKIE_NAME: client.cookies[known.SESSION_COOKIE_NAME].value}
    bucket = {
        "http://s3:8333/kezhan-pictures/": f"{live_server.url}/no-such-bucket/",
        "proxy_set_header Host s3:8333;": "proxy_set_header Host localhost;",
    }
    with nginx.running(tmp_path, live_server.url.removeprefix("http://"), tmp_path, bucket) as edge:
        assert requests.get(edge + course.cover.url, timeout=20).status_code == 404
        shown = requests.get(edge + course.cover.url, cookies=session, timeout=20)
        assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "private, no-store")
        assert requests.get(f"{edge}/media/shared/1/a.jpg", timeout=20).status_code == 404


@pytest.fixture
def buckets(s3: S3, settings: Any) -> S3:
    """Both stores in S3, as on many hosts."""
    stores = {}
    for name, store in (("pictures", pictures.storage), ("private", pictures.private_storage)):
        bucket = f"{name}-{uuid.uuid4().hex[:12]}"
        s3.client.create_bucket(Bucket=bucket)
        with pytest.MonkeyPatch.context() as patch:
            for variable in ("S3_BUCKET", "S3_PRIVATE_BUCKET"):
                patch.setenv(variable, bucket)
            patch.setenv("S3_ENDPOINT_URL", s3.url)
            stores["default" if name == "pictures" else name] = store("http://testserver")  # type: ignore[operator]
    settings.STORAGES = {**settings.STORAGES, **stores}
    return s3


def test_between_two_buckets_of_s3_they_move_the_same(buckets: S3, ada: User, sam: User) -> None:
    course = make_course_by_verbs(title="Kilns", lessons=1)
    content = default_storage.open(course.cover.name).read()
    down = take_down(course, sam)
    assert tasks.put_pictures_away() == 2
    assert not default_storage.exists(course.cover.name)
    assert answers(sam, addresses(course)) == {200}
    assert answers(None, addresses(course)) == {404}
    down.lift(by=sam, reason="Mended")
    assert tasks.put_pictures_away() == 2
    assert default_storage.open(course.cover.name).read() == content
    assert not storages["private"].exists(course.cover.name)


def test_in_s3_too_a_new_card_for_sharing_takes_the_place_of_the_old(buckets: S3, ada: User) -> None:
    course = make_course_by_verbs(title="Kilns", lessons=1)
    for title in ("Kilns", "Glazes"):
        course.title = title
        assert sharing.picture(course) == sharing.picture(course)
    assert storages["private"].listdir(f"shared/{course.pk}") == ([], [f"{sharing.stamp(course)}.jpg"])
