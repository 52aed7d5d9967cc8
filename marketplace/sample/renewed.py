"""A course of the sample that changed after its learners had begun: they see what changed for them."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from courses.models import Course, SubjectCheck
from learners.models import Enrollment

from .course_rows import APPROVED

# By the course's language: the new lesson, its text, and what learners are told.
WORDS = {
    "en": (
        "Three questions that came up",
        "## Three questions that came up\n\n"
        "1. **Do I need to repeat the first lesson?** Only if the result looked different from mine.\n"
        "2. **What if my tools are older?** Everything here works with those of the last five years.\n"
        "3. **Where do I ask?** Below each film; I answer on weekdays.\n",
        "A new lesson answers the three questions that were asked most.",
    ),
    "zh-hans": (
        "大家常问的三个问题",
        "## 大家常问的三个问题\n\n"
        "1. **第一节要不要重看？** 结果和我的不一样时再看。\n"
        "2. **工具旧一点行不行？** 五年以内的都可以。\n"
        "3. **在哪里提问？** 每个视频下面都可以，工作日我会回复。\n",
        "新增一节课，回答大家问得最多的三个问题。",
    ),
}


def fill(learner: User, moderator: User) -> None:
    """The first course that `learner` bought gets a second version. Done once."""
    bought = Enrollment.objects.active().of(learner).filter(source=Enrollment.Source.PURCHASE).order_by("pk")
    course = Course.objects.select_related("creator__user", "live_version").get(pk=bought[0].course_id)
    if course.versions.count() > 1:
        return
    maker = course.creator.user
    title, text, told = WORDS["zh-hans" if course.live_version.language.startswith("zh") else "en"]
    draft = course.open_draft(maker)
    draft.sections.order_by("position")[0].add_lesson(title, "article").edit(article=text)
    submission = draft.submit(maker, change_note=told, tells_learners=True)
    submission.approve(by=moderator, reason=APPROVED, rubric_version="2026-01")


def check(course: Course) -> None:
    """Its creator says with what she has tried it lately."""
    maker, lately = course.creator.user, timezone.localdate() - timedelta(days=9)
    if not SubjectCheck.objects.filter(course=course).exists():
        SubjectCheck.objects.note(course, subject="Python", version="3.14", checked_on=lately, by=maker)
