"""How much a creator may keep: shown to her, set by administrators for a reason, and said with what to do about it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from marketplace.lib.emails import Mail
from marketplace.lib.errors import NotAllowed
from tests import cast
from tests.creators.factories import make_creator
from videos import halting, space, uploading
from videos.models import SpaceGrant, Upload, Video
from videos.models.upload import QuotaReached

pytestmark = pytest.mark.django_db
GB = 1024**3


@pytest.fixture(autouse=True)
def _one_gigabyte(settings: object) -> None:
    settings.UPLOAD_QUOTA_BYTES = GB  # type: ignore[attr-defined]


@pytest.fixture
def root(db: None) -> User:
    return cast.person("Root", role="admin")


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def begin(owner: User, size: int) -> Upload:
    return Upload.objects.begin(owner=owner, name="film.mp4", size=size, content_type="")


def cancelled(owner: User, size: int) -> Video:
    video = begin(owner, size).video
    Video.objects.filter(pk=video.pk).update(state="uploaded")
    video.refresh_from_db()
    halting.cancel(video, owner)
    return video


def test_what_is_used_and_left_is_read_in_the_studio_and_over_the_api(ada: User) -> None:
    make_creator(ada)
    begin(ada, GB // 4)
    page = as_(ada).get(reverse("studio:uploads")).content.decode()
    assert "take 256.0\xa0MB of 1.0\xa0GB; 768.0\xa0MB are left" in page
    told = as_(ada).get(reverse("api-upload-space")).json()
    assert told == {"used": GB // 4, "limit": GB, "left": GB * 3 // 4}


def test_a_film_that_does_not_fit_is_told_how_much_is_lacking_and_what_to_do(ada: User) -> None:
    make_creator(ada)
    begin(ada, GB // 2)
    asked = {"name": "film.mp4", "size": GB, "type": "video/mp4"}
    told = as_(ada).post(reverse("api-uploads"), asked, content_type="application/json")
    assert told.status_code == 409
    assert told.json()["code"] == "quota_reached"
    for words in ("1.0\xa0GB", "512.0\xa0MB are left", "Remove films", "ask us for more"):
        assert words in told.json()["detail"]


class TestACancelledFilm:
    def test_does_not_count_until_she_goes_on_with_it(self, ada: User) -> None:
        film = cancelled(ada, GB)
        assert space.of(ada).used == 0
        other = begin(ada, 1)
        with pytest.raises(QuotaReached):
            halting.go_on(film, ada)
        film.refresh_from_db()
        assert film.state == "cancelled"
        uploading.abort(other)
        halting.go_on(film, ada)
        assert space.of(ada).used == GB

    def test_loses_its_original_when_nobody_goes_on_in_time(self, ada: User, settings: object) -> None:
        """Else whoever cancels could fill the disk for nothing."""
        film, kept = cancelled(ada, 10), cancelled(ada, 10)
        late = timezone.now() - timedelta(days=settings.FAILED_FILM_DAYS + 1)  # type: ignore[attr-defined]
        Video.objects.filter(pk=film.pk).update(finished_at=late)
        uploading.expire_old()
        for video in (film, kept):
            video.refresh_from_db()
        assert (film.state, film.failure_code) == ("failed", "stopped_expired")
        assert kept.state == "cancelled"
        mail = Mail.objects.get()
        assert mail.subject == "The file of “film.mp4” was removed"
        assert "You stopped the conversion" in mail.text
        assert "could not be" not in mail.text
        page = as_(ada).get(reverse("videos:film", args=[film.pk])).content.decode()
        assert ("Stopped on" in page, "is kept until" in page) == (True, False)


class TestAnAdministrator:
    def test_sets_a_limit_that_counts_from_then_on(self, ada: User, root: User) -> None:
        creator = make_creator(ada)
        begin(ada, GB)
        with pytest.raises(QuotaReached):
            begin(ada, 1)
        address = reverse("moderation:grant_space", args=[creator.slug])
        as_(root).post(address, {"gigabytes": "3", "reason": "Films of an opera"})
        begin(ada, 2 * GB)
        with pytest.raises(QuotaReached):
            begin(ada, 1)
        event = AuditEvent.objects.get(verb="space.grant")
        assert (event.actor, event.facts["before"], event.facts["after"]) == (root, GB, 3 * GB)

    def test_does_it_over_the_api_as_well(self, ada: User, root: User) -> None:
        address = reverse("api-moderation-grant-space", args=[make_creator(ada).slug])
        told = as_(root).post(address, {"gigabytes": 2, "reason": "More"}, content_type="application/json")
        assert (told.status_code, told.json()["limit_bytes"]) == (201, 2 * GB)
        assert space.of(ada).limit == 2 * GB

    @pytest.mark.parametrize(
        "told", [{"gigabytes": "0", "reason": "x"}, {"gigabytes": "5"}, {"gigabytes": "1e9", "reason": "x"}, {}]
    )
    def test_who_says_nonsense_sets_nothing(self, ada: User, root: User, told: dict[str, str]) -> None:
        as_(root).post(reverse("moderation:grant_space", args=[make_creator(ada).slug]), told)
        assert not SpaceGrant.objects.exists()

    def test_reads_who_set_it_and_why_beside_the_creator(self, ada: User, root: User, sam: User) -> None:
        creator = make_creator(ada)
        SpaceGrant.objects.grant(owner=ada, gigabytes=2, by=root, reason="Films of an opera")
        page = as_(sam).get(reverse("moderation:creator", args=[creator.slug])).content.decode()
        assert "Films of an opera" in page
        assert "Set another limit" not in page

    def test_does_not_set_her_own(self, root: User) -> None:
        with pytest.raises(NotAllowed):
            SpaceGrant.objects.grant(owner=root, gigabytes=2, by=root, reason="x")


def test_nobody_else_sets_one(ada: User, sam: User) -> None:
    with pytest.raises(NotAllowed):
        SpaceGrant.objects.grant(owner=ada, gigabytes=2, by=sam, reason="x")


def test_a_grant_cannot_be_changed(ada: User, root: User) -> None:
    row = SpaceGrant.objects.grant(owner=ada, gigabytes=2, by=root, reason="x")
    for change in (lambda: SpaceGrant.objects.filter(pk=row.pk).update(limit_bytes=1), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
