"""Courses for tests, through the same verbs that creators and moderators use."""

import io
from functools import cache
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from courses.models import Category, Course, Lesson, Section, Skill, TaughtSkill, Version
from courses.models.course import MIRRORED
from courses.models.version import COVER_RATIO, COVER_SIDE, COVER_SMALL_SIDE
from courses.pricing import must_be_chargeable
from creators.models import Creator
from marketplace.lib import images, window
from marketplace.lib.money import CURRENCIES, Money
from tests import cast
from videos.models import Priority, Video

RUBRIC = "2026-01"
PRICE = Money(1999, "USD")
# A film of thirty seconds that is ready.
READY = {
    "state": "ready", "percent": 100, "duration_ms": 30_000, "width": 854, "height": 480, "has_audio": True,
    "has_video": True, "output": "test/1",
}  # fmt: skip


def make_category(slug: str = "programming") -> Category:
    return Category.objects.get_or_create(slug=slug, defaults={"name_en": slug.title(), "name_zh": slug})[0]


def make_skill(slug: str) -> Skill:
    """The skill of this slug; asked for twice, the same one."""
    name = slug.replace("-", " ").capitalize()
    names = {"name_en": name, "name_zh": f"{name}（技能）", "category": make_category()}
    return Skill.objects.get_or_create(slug=slug, defaults=names)[0]


def teach(version: Version, skills: dict[Skill, int]) -> None:
    TaughtSkill.objects.put(version, skills, by=version.course.creator.user)


def make_picture(width: int = 320, height: int = 180, color: str = "teal") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (width, height), color).save(out, "PNG")
    return SimpleUploadedFile("cover.png", out.getvalue(), "image/png")


def make_video(owner: Any, seconds: float = 30, name: str = "film.mp4", ready: bool = True) -> Video:
    """A film that is ready (its files are not there), or one whose bytes are still on their way."""
    video = Video.objects.begin(owner=owner, name=name, size=1_000_000)
    if ready:
        now = timezone.now()
        facts = {**READY, "duration_ms": int(seconds * 1000)}
        Video.objects.filter(pk=video.pk).update(uploaded_at=now, ready_at=now, finished_at=now, **facts)
        video.refresh_from_db()
    return video


def fill(version: Version, *, lessons: int = 3, preview_first: bool = True, **changes: Any) -> None:
    """Everything that a draft needs to be ready but its price and cover."""
    by = version.course.creator.user
    version.edit({**told(), **changes}, by=by, revision=version.revision)
    add_lessons(version, lessons, preview_first=preview_first)


def told() -> dict[str, Any]:
    """What a version says of itself."""
    return {
        "subtitle": "From nothing to the first result",
        "description": "What it is, why it works, and how you do it.",
        "outcomes": ["Make one yourself"],
        "requirements": ["A computer"],
        "audience": ["Beginners"],
        "level": "beginner",
        "category": make_category(),
    }


def add_lessons(version: Version, count: int, *, preview_first: bool = False, a_section: int = 10) -> list[Lesson]:
    by, made = version.course.creator.user, []
    for number in range(count):
        if number % a_section == 0:
            section = version.add_section(f"Part {number // a_section + 1}", by=by)
        film = make_video(by, seconds=30, name=f"{number + 1}.mp4")
        lesson = section.add_lesson(f"Lesson {number + 1}", video=film)
        if preview_first and number == 0:
            lesson.mark_preview(True)
        made.append(lesson)
    return made


def make_course(
    creator: Creator | None = None,
    *,
    title: str = "Pottery from the first bowl",
    price: Money | None = PRICE,
    lessons: int = 3,
    live: bool = True,
    preview_first: bool = True,
    cover: bool = True,
    skills: dict[Skill, int] | None = None,
    **changes: Any,
) -> Course:
    """Ada's course, or `creator`'s, approved by Sam unless `live` is False. `changes` are fields of the version.

    Half of what the tests asked the database was this. So its rows are laid down as the verbs leave them, in a sixth of
    the statements; `test_factories` holds both against each other.
    """
    if creator is None:
        creator = cast.ada().creator
    course = Course.objects.start(creator=creator, title=title)
    draft = course.draft
    _tell(draft, cover, skills, changes)
    _lay_lessons(draft, lessons, preview_first)
    if live:
        _approve(draft)
    draft.save()
    _show(course, draft, price)
    return Course.objects.select_related("creator__user", "live_version").get(pk=course.pk)


def make_course_by_verbs(
    creator: Creator | None = None,
    *,
    title: str = "Pottery from the first bowl",
    price: Money | None = PRICE,
    lessons: int = 3,
    live: bool = True,
    preview_first: bool = True,
    cover: bool = True,
    skills: dict[Skill, int] | None = None,
    **changes: Any,
) -> Course:
    """As `make_course`, step by step, as people do it."""
    if creator is None:
        creator = cast.ada().creator
    course = Course.objects.start(creator=creator, title=title)
    draft = course.draft
    fill(draft, lessons=lessons, preview_first=preview_first, **changes)
    if skills:
        teach(draft, skills)
    if cover:
        draft.change_cover(make_picture(), by=creator.user)
    if price is not None:
        course.set_price(price, by=creator.user)
    if live:
        publish(draft)
    return Course.objects.select_related("creator__user", "live_version").get(pk=course.pk)


def _tell(draft: Version, cover: bool, skills: dict[Skill, int] | None, changes: dict[str, Any]) -> None:
    """What it says of itself, and its cover. Where somebody asks for more than usual, the verbs do it."""
    by = draft.course.creator.user
    if skills:
        teach(draft, skills)
    if changes:
        draft.edit({**told(), **changes}, by=by, revision=draft.revision)
    else:
        for name, value in told().items():
            setattr(draft, name, value)
        draft.revision += 1
    if cover:
        large, small = _cover()
        draft.cover.save(f"{draft.course.slug}.webp", ContentFile(large), save=False)
        draft.cover_small.save(f"{draft.course.slug}-small.webp", ContentFile(small), save=False)
        draft.revision += 1


def _lay_lessons(draft: Version, count: int, preview_first: bool) -> None:
    """Sections of ten lessons, each with a film of thirty seconds."""
    now = timezone.now()
    films = [
        Video(
            owner=draft.course.creator.user, name=f"{n + 1}.mp4", size=1_000_000, uploaded_at=now, ready_at=now,
            finished_at=now, priority=Priority.USUAL if n else Priority.SOON, **READY,
        )
        for n in range(count)
    ]  # fmt: skip
    sections = [Section(version=draft, title=f"Part {n + 1}", position=n) for n in range(-(-count // 10))]
    Video.objects.bulk_create(films)
    Section.objects.bulk_create(sections)
    Lesson.objects.bulk_create(
        Lesson(
            version=draft, section=sections[n // 10], title=f"Lesson {n + 1}", position=n % 10, video=film,
            duration_s=30, is_preview=preview_first and n == 0,
        )
        for n, film in enumerate(films)
    )  # fmt: skip
    draft.lessons_count, draft.duration_s = count, 30 * count


def _approve(draft: Version) -> None:
    """Asked for by its creator and approved by Sam; the draft is still to be saved."""
    submission = draft.submissions.ask(draft, by=draft.course.creator.user, note="")
    submission._decide("approve", cast.sam(), "Clear and complete.", RUBRIC)
    draft.state, draft.live_at = Version.State.LIVE, timezone.now()


def _show(course: Course, version: Version, price: Money | None) -> None:
    """The course has its price and shows the version, as a draft to its creator alone or to everybody."""
    for name in MIRRORED:
        setattr(course, name, getattr(version, name))
    course.skill_ids = list(version.skills.values_list("skill_id", flat=True))
    if price is not None:
        must_be_chargeable(price)
        course.price_minor, course.currency = price.minor, price.currency
        course.price_rank = price.minor * 1000 // CURRENCIES[price.currency].payout_minimum
        asked = {"price_minor": price.minor, "currency": price.currency}
        course.price_changes.create(changed_by=course.creator.user, **asked)
    if version.state == Version.State.LIVE:
        course.live_version, course.published_at, course.renewed_at = version, version.live_at, version.live_at
    course.save()
    if price is not None or course.live_version:
        window.change()


@cache
def _cover() -> tuple[bytes, bytes]:
    """As `change_cover` cuts `make_picture`."""
    large = images.cleaned(make_picture(), COVER_SIDE, ratio=COVER_RATIO)
    small = images.cleaned(large, COVER_SMALL_SIDE, ratio=COVER_RATIO)
    large.seek(0)
    return large.read(), small.read()


def publish(draft: Version) -> None:
    """Submit `draft` and let Sam approve it."""
    draft.refresh_from_db()
    submission = draft.submit(by=draft.course.creator.user)
    submission.approve(by=cast.sam(), reason="Clear and complete.", rubric_version=RUBRIC)
