"""The clips of a course: cutting one beside the film, seeing how it goes, and letting everybody see it or nobody."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses import clip_shown
from courses.clip_forms import ClipForm, ClipWordsForm
from courses.models import Clip, Course, Lesson, clippable

from .doors import course_page, creator_required, own_course, shown_version


def own_clip(request: HttpRequest, slug: str, key: uuid.UUID) -> Clip:
    mine = Clip.objects.editable_by(request.user).select_related("course__creator", "excerpt")
    return get_object_or_404(mine, course__slug=slug, key=key)


def back(clip: Clip) -> HttpResponse:
    return redirect(f"{clip_shown.page_of(clip.course)}#clip-{clip.key}")


@creator_required
@require_safe
def clips(request: HttpRequest, slug: str) -> HttpResponse:
    course = own_course(request, slug)
    context = {
        "clips": clip_shown.of_creator(course, request.user),
        "lessons": clippable(course) if course.is_on_sale else [],
    }
    return course_page(request, "studio/clips.html", course, shown_version(course), **context)


@creator_required
def cut_clip(request: HttpRequest, slug: str, key: uuid.UUID) -> HttpResponse:
    """Choose a stretch of one lesson's film and have it cut."""
    course = own_course(request, slug)
    lesson = get_object_or_404(clippable(course).select_related("version__course__creator"), key=key)
    if request.method != "POST":
        return _cutter(request, course, lesson, _fresh(lesson, course))
    form = ClipForm(request.POST)
    try:
        if form.is_valid():
            clip, is_new = Clip.objects.cut(lesson, by=request.user, **form.cut)
            messages.success(request, _("Your clip is being cut.") if is_new else _("This very clip is there already."))
            return back(clip)
    except ValidationError as error:
        form.add_error(None, error)
    return _cutter(request, course, lesson, form, status=422)


def _fresh(lesson: Lesson, course: Course) -> ClipForm:
    film = lesson.video
    assert film is not None  # clippable
    return ClipForm.fresh(str(film.asset), lesson.title, course.language, film.duration_ms or 0)


def _cutter(request: HttpRequest, course: Course, lesson: Lesson, form: ClipForm, status: int = 200) -> HttpResponse:
    context = {"lesson": lesson, "form": form, "course": course}
    return render(request, "studio/cut_clip.html", context, status=status)


@creator_required
@require_POST
def edit_clip(request: HttpRequest, slug: str, key: uuid.UUID) -> HttpResponse:
    clip, form = own_clip(request, slug, key), ClipWordsForm(request.POST)
    if form.is_valid():
        clip.edit(request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
    for sentence in (one for errors in form.errors.values() for one in errors):
        messages.error(request, sentence)
    return back(clip)


@creator_required
@require_POST
def publish_clip(request: HttpRequest, slug: str, key: uuid.UUID) -> HttpResponse:
    clip = own_clip(request, slug, key)
    clip.publish(request.user)
    messages.success(request, _("Everybody can see this clip now."))
    return back(clip)


@creator_required
@require_POST
def withdraw_clip(request: HttpRequest, slug: str, key: uuid.UUID) -> HttpResponse:
    clip = own_clip(request, slug, key)
    clip.withdraw(request.user)
    messages.success(request, _("Nobody but you sees this clip any more."))
    return back(clip)


@creator_required
@require_POST
def stop_clip(request: HttpRequest, slug: str, key: uuid.UUID) -> HttpResponse:
    clip = own_clip(request, slug, key)
    clip.stop(request.user)
    return back(clip)


@creator_required
@require_POST
def retry_clip(request: HttpRequest, slug: str, key: uuid.UUID) -> HttpResponse:
    clip = own_clip(request, slug, key)
    clip.retry(request.user)
    return back(clip)


@creator_required
@require_POST
def remove_clip(request: HttpRequest, slug: str, key: uuid.UUID) -> HttpResponse:
    clip = own_clip(request, slug, key)
    clip.remove(request.user)
    messages.success(request, _("“%(title)s” is removed.") % {"title": clip.title})
    return redirect(clip_shown.page_of(clip.course))
