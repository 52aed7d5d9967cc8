"""A version as its reviewers have it before them: the lesson that is watched, all lessons, what the page will say."""

from typing import Any

from django.http import HttpRequest

from courses import noticed
from courses.models import Lesson, Version
from marketplace.lib import markdown
from moderation import twins


def shown_version(request: HttpRequest, version: Version) -> dict[str, Any]:
    """What `moderation/_watch.html` and `_promise.html` draw; `?lesson=` chooses what is watched."""
    rows = Lesson.objects.filter(version=version).in_order()
    lessons = list(rows.select_related("section", "video", "version__course__creator"))
    chosen = _chosen(request, lessons)
    film = chosen.video if chosen else None
    notes = noticed.of(version)
    return {
        "version": version,
        "course": version.course,
        "lessons": lessons,
        "by_key": {lesson.key: lesson for lesson in lessons},
        "chosen": chosen,
        "chosen_findings": list(film.findings.all()) if film else [],
        "noticed": noticed.by_lesson(notes),
        "noticed_count": len(notes),
        "twins": twins.beside(film) if film else [],
        "description": markdown.render(version.description),
    }


def _chosen(request: HttpRequest, lessons: list[Lesson]) -> Lesson | None:
    named = request.GET.get("lesson") or request.POST.get("lesson", "")
    return next((lesson for lesson in lessons if str(lesson.key) == named), lessons[0] if lessons else None)
