"""The sample of a fresh installation, from nothing to its logins: what bin/dev fills an empty database with."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from courses.models import Course
from creators.models import Creator
from discovery.models import Exposure
from marketplace.sample import film_rows
from marketplace.sample.courses_en import COURSES as ENGLISH
from marketplace.sample.courses_zh import COURSES as CHINESE
from marketplace.sample.plan import SampleCourse
from moderation.models import Case, ReportCard, RightsClaim
from payments.models import Bundle, LedgerEntry, Membership, MembershipOffer
from tests.videos.films import ready_video
from videos.models import Excerpt, Video

make_film = film_rows._make


@pytest.fixture
def _installation(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.KEZHAN_HOME, settings.VIDEO_ROOT = tmp_path, tmp_path / "video"
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(film_rows, "_make", _make_long_ones)


def _make_long_ones(task: tuple[SampleCourse, Creator, int, str, int]) -> None:
    """Films that clips are cut from are made; fifty-six shorter ones more would prove nothing that these do not."""
    plan, owner, number, _title, slides = task
    if slides == film_rows.LONG_SLIDES:
        make_film(task)
    else:
        ready_video(owner.user, name=film_rows.film_name(plan, number))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_installation")
def test_the_sample_comes_whole_and_twice_changes_nothing(tmp_path: Path) -> None:
    call_command("sample_data", if_empty=True)
    counted = _count()
    assert all(counted)
    live = [plan.title for plan in (*ENGLISH, *CHINESE) if plan.state == "live"]
    assert set(Course.objects.listed().values_list("title", flat=True)) >= set(live)
    assert {cut.is_ready for cut in Excerpt.objects.all()} == {True}
    assert {bundle.is_on_sale for bundle in Bundle.objects.shown()} == {True}
    assert MembershipOffer.objects.open().count() == 2
    assert Exposure.objects.get().looks > 100
    assert ReportCard.objects.exists()
    assert "sam@kezhan.example" in (tmp_path / "logins.txt").read_text()
    call_command("ledger", "verify")
    call_command("sample_data")
    assert _count() == counted


def _count() -> tuple[int, ...]:
    kept = (Course, Video, Excerpt, LedgerEntry, Creator, Case, RightsClaim, Bundle, MembershipOffer, Membership)
    return tuple(model.objects.count() for model in kept)
