"""Courses for tests, through the same verbs that creators and moderators use."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from courses.models import Category, Course, Lesson, Skill, TaughtSkill, Version
from creators.models import Creator
from marketplace.lib.money import Money
from tests import cast
from videos.models import Video

RUBRIC = "2026-01"
PRICE = Money(1999, "USD")


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
        Video.objects.filter(pk=video.pk).update(
            state="ready", percent=100, duration_ms=int(seconds * 1000), width=854, height=480, has_audio=True,
            has_video=True, output="test/1", uploaded_at=now, ready_at=now, finished_at=now,
        )  # fmt: skip
        video.refresh_from_db()
    return video


def fill(version: Version, *, lessons: int = 3, preview_first: bool = True, **changes: Any) -> None:
    """Everything that a draft needs to be ready but its price and cover."""
    by = version.course.creator.user
    fields = {
        "subtitle": "From nothing to the first result",
        "description": "What it is, why it works, and how you do it.",
        "outcomes": ["Make one yourself"],
        "requirements": ["A computer"],
        "audience": ["Beginners"],
        "level": "beginner",
        "category": make_category(),
        **changes,
    }
    version.edit(fields, by=by, revision=version.revision)
    add_lessons(version, lessons, preview_first=preview_first)


def add_lessons(version: Version, count: int, *, preview_first: bool = False, a_section: int = 10) -> list[Lesson]:
    by, made = version.course.creator.user, []
    for number in range(count):
        if number % a_section == 0:
            section = version.add_section(f"Part {number // a_section + 1}", by=by)
        lesson = section.add_lesson(f"Lesson {number + 1}")
        lesson.attach_video(make_video(by, seconds=30, name=f"{number + 1}.mp4"))
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
    """Ada's course, or `creator`'s, approved by Sam unless `live` is False. `changes` are fields of the version."""
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


def publish(draft: Version) -> None:
    """Submit `draft` and let Sam approve it."""
    draft.refresh_from_db()
    submission = draft.submit(by=draft.course.creator.user)
    submission.approve(by=cast.sam(), reason="Clear and complete.", rubric_version=RUBRIC)
