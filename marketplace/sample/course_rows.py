"""The sample's courses: written, priced, submitted and approved through the verbs that people use."""

from django.db import transaction

from accounts.models import User
from courses.models import Category, Course, Version
from creators.models import Creator
from marketplace.lib.money import Money
from videos.models import Video

from . import drawing, practice, taught, works
from .film_rows import OWN_FILMS, film_lessons, film_name
from .pictures import as_upload
from .plan import SampleCourse

APPROVED = "Clear, honest and well recorded."


@transaction.atomic
def write(plan: SampleCourse, owner: Creator, moderator: User, seed: int) -> None:
    """Make the course of this plan, in the state that the plan names; an existing one is left as it is."""
    if Course.objects.filter(creator=owner, title=plan.title).exists():
        return
    by = owner.user
    course = Course.objects.start(creator=owner, title=plan.title)
    version = course.versions.get()
    version.edit(_fields(plan), by=by, revision=version.revision)
    version.change_cover(as_upload(drawing.cover(plan.title, plan.category, seed), "cover.webp"), by=by)
    taught.teach(version)
    _curriculum(version, plan, by)
    course.set_price(Money.parse(plan.price, plan.currency), by=by)
    submission = version.submit(by=by, note="")
    if plan.state == "live":
        submission.approve(by=moderator, reason=APPROVED, rubric_version="2026-01")


def _fields(plan: SampleCourse) -> dict[str, object]:
    in_chinese = plan.language == "zh-hans"
    points = "；".join(plan.outcomes) + "。" if in_chinese else "; ".join(plan.outcomes).lower() + "."
    opening = (
        "这门课会带你一步一步做到：" if in_chinese else "Step by step, this course takes you to the point where you "
    )
    closing = (
        "每节课都短，先看，再做，最后检查。做错了也没关系，每一步都可以重来。"
        if in_chinese
        else "Lessons are short: watch, do, check. Mistakes are part of it, and every step can be taken again."
    )
    return {
        "subtitle": plan.subtitle,
        "description": f"{opening}{points}\n\n{closing}",
        "outcomes": list(plan.outcomes),
        "requirements": list(plan.requirements),
        "audience": list(plan.audience),
        "level": plan.level,
        "language": plan.language,
        "category": Category.objects.get(slug=plan.category),
    }


def _curriculum(version: Version, plan: SampleCourse, by: User) -> None:
    names = [film_name(plan, number) for number in range(len(film_lessons(plan)[:OWN_FILMS]))]
    own = {video.name: video for video in Video.objects.owned_by(by).ready().filter(name__in=names)}
    shown = 0
    for section_title, lessons in plan.sections.items():
        section = version.add_section(section_title, by=by)
        for title in lessons:
            if title.startswith("# "):
                article = section.add_lesson(title.removeprefix("# "), "article")
                article.edit(article=practice.ARTICLES.get(plan.title) or _article(plan))
                continue
            lesson = section.add_lesson(title)
            lesson.attach_video(own[names[min(shown, len(names) - 1)]])
            lesson.mark_preview(shown == 0)
            shown += 1
    practice.write_quiz(section, plan.title)
    works.write_assignment(section, plan.title)


def _article(plan: SampleCourse) -> str:
    heading, last = ("要点", "下一步") if plan.language == "zh-hans" else ("In short", "What next")
    points = "\n".join(f"- {point}" for point in plan.outcomes)
    needs = "\n".join(f"1. {need}" for need in plan.requirements)
    return f"## {heading}\n\n{points}\n\n## {last}\n\n{needs}\n"
