"""What other apps' pages show of learning: progress in a course, marks at lessons, players, what to continue."""

from typing import Any

from django import template
from django.db.models import prefetch_related_objects
from django.template.context import Context
from django.utils.translation import gettext as _

from courses.models import Course, Lesson
from courses.quizzes.shape import Question
from learners import freshness, reviewing, rights, shelf, showing
from learners import item_figures as by_item
from learners.models import Enrollment, LessonProgress, ReviewCard
from videos import first_look
from videos.models import Video

register = template.Library()


@register.inclusion_tag("learners/_course_progress.html", takes_context=True)
def course_progress(context: Context, course: Course) -> dict[str, Any]:
    """A bar and the way on for who is enrolled; nothing for others."""
    request = context["request"]
    enrollment = Enrollment.objects.active().of(request.user).filter(course=course).on_shelf().first()
    found = shelf.fill(request.user, [enrollment], with_changes=True) if enrollment else [None]
    return {"shelved": found[0], "request": request}


@register.inclusion_tag("learners/_outdated_said.html")
def outdated_said(course: Course) -> dict[str, Any]:
    """For its creator: what learners say is out of date."""
    return {"reports": freshness.said_of(course), "course": course}


@register.inclusion_tag("learners/_lesson_mark.html", takes_context=True)
def lesson_mark(context: Context, lesson: Lesson) -> dict[str, Any]:
    """A mark when the reader has done this lesson. One query for all lessons of a page."""
    request = context["request"]
    marks = request.__dict__.setdefault("_lesson_marks", {})
    if lesson.version_id not in marks:
        keys = Lesson.objects.filter(version_id=lesson.version_id).values("key")
        done = LessonProgress.objects.of(request.user).done().filter(lesson_key__in=keys)
        marks[lesson.version_id] = set(done.values_list("lesson_key", flat=True))
    return {"is_done": lesson.key in marks[lesson.version_id]}


@register.inclusion_tag("learners/_player.html", takes_context=True)
def preview_player(context: Context, lesson: Lesson, style: str = "") -> dict[str, Any]:
    """The film of a free preview lesson, in its place on a page; nothing where the reader may not watch it. With
    `style`, the address of the player's style sheet, it waits to be reached for, under the course's cover: that comes
    in two sizes. Which of several previews was asked for, its own poster says.
    """
    course = lesson.version.course
    covered = course if style and course.cover_small and not context["request"].GET.get("preview") else None
    waiting = {"style": style, "cover": covered and covered.cover, "cover_small": covered and covered.cover_small}
    return {**_player(context, lesson), **waiting}


@register.inclusion_tag("learners/_player.html", takes_context=True)
def review_player(context: Context, lesson: Lesson) -> dict[str, Any]:
    """The film of a lesson of any version, for its moderator or creator, from the second `?t=` on. Not tracked."""
    shown = _player(context, lesson) | {"is_beside": True}
    return shown | {"showing": shown["showing"] and _asked_second(context, shown["showing"])}


@register.inclusion_tag("learners/_player.html", takes_context=True)
def film_player(context: Context, video: Video, page: str = "") -> dict[str, Any]:
    """An own film on its page in the studio, or the beginning of it that is made; nothing before. With `page`, the keys
    belong to the whole page.
    """
    viewer = context["request"].user
    if video.owner_id != viewer.pk:
        return {"showing": None}
    if look := first_look.address(video):
        return {"showing": showing.of_look(video, look), "is_beside": True}
    if not video.is_ready:
        return {"showing": None}
    prefetch_related_objects([video], "renditions", "captions", "chapters")
    return {"showing": _asked_second(context, showing.of_film(video, viewer)), "page": page, "is_beside": True}


def _asked_second(context: Context, shown: showing.Showing) -> showing.Showing:
    return shown.starting_at(context["request"].GET.get("t", ""))


def _player(context: Context, lesson: Lesson) -> dict[str, Any]:
    viewer = context["request"].user
    video = lesson.video
    if video is None or not video.is_ready or not rights.may_watch(viewer, lesson):
        return {"showing": None}
    prefetch_related_objects([video], "renditions", "captions", "chapters")
    shown = showing.of(lesson, viewer, lesson.version.course, None, tracked=False)
    return {"showing": shown, "title": lesson.title or _("Film")}


@register.inclusion_tag("learners/_item_figures.html", takes_context=True)
def item_figures(context: Context, lesson: Lesson, question: Question) -> dict[str, Any]:
    """How a question does, for its creator. One query for all questions of a page."""
    figures = context["request"].__dict__.setdefault("_item_figures", {})
    if lesson.key not in figures:
        figures[lesson.key] = by_item.of_quiz(lesson.key)
    return {"figures": figures[lesson.key].get((question.id, question.fingerprint)), "fewest": by_item.FEWEST}


@register.inclusion_tag("learners/_due_today.html", takes_context=True)
def due_today(context: Context) -> dict[str, Any]:
    """How many questions are due for review; nothing for who has none."""
    user = context["request"].user
    return {"due": reviewing.due_count(user), "has_cards": ReviewCard.objects.of(user).exists()}


@register.inclusion_tag("learners/_continue_shelf.html", takes_context=True)
def continue_shelf(context: Context) -> dict[str, Any]:
    """What the reader goes on with; nothing for strangers and for those who have nothing begun."""
    return {"shelved": shelf.continuing(context["request"].user)}
