"""Sections and lessons in their order."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import ordering
from courses.forms import NewLessonForm, TitleForm
from courses.models import Course, Lesson, Section, Version
from marketplace.lib.asked import number

from .doors import course_page, creator_required, own_course, shown_version


def order_of(version: Version) -> ordering.Order:
    sections = version.sections.prefetch_related("lessons")
    return [(section.pk, [lesson.pk for lesson in section.lessons.all()]) for section in sections]


def own_section(course: Course, pk: int) -> Section:
    sections = Section.objects.filter(version__course=course).select_related("version__course__creator")
    return get_object_or_404(sections, pk=pk)


def _back(slug: str, anchor: str = "") -> HttpResponse:
    return redirect(reverse("studio:curriculum", args=[slug]) + (f"#{anchor}" if anchor else ""))


@creator_required
def curriculum(request: HttpRequest, slug: str) -> HttpResponse:
    course = own_course(request, slug)
    version = shown_version(course)
    lessons = Prefetch("lessons", queryset=Lesson.objects.select_related("video"))
    sections = list(version.sections.prefetch_related(lessons))
    return course_page(request, "studio/curriculum.html", course, version, sections=sections)


@creator_required
@require_POST
def add_section(request: HttpRequest, slug: str) -> HttpResponse:
    course = own_course(request, slug)
    form = TitleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the section a title of at most 120 characters."))
        return _back(slug)
    section = shown_version(course).add_section(form.cleaned_data["title"], by=request.user)
    return _back(slug, f"section-{section.pk}")


@creator_required
@require_POST
def rename_section(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    section = own_section(own_course(request, slug), pk)
    form = TitleForm(request.POST)
    if form.is_valid():
        section.rename(form.cleaned_data["title"])
    else:
        messages.error(request, _("Give the section a title of at most 120 characters."))
    return _back(slug, f"section-{pk}")


@creator_required
@require_POST
def remove_section(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    section = own_section(own_course(request, slug), pk)
    section.remove()
    messages.success(request, _("“%(title)s” is removed with its lessons.") % {"title": section.title})
    return _back(slug)


@creator_required
@require_POST
def add_lesson(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    section = own_section(own_course(request, slug), pk)
    form = NewLessonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the lesson a title of at most 120 characters."))
        return _back(slug, f"section-{pk}")
    section.add_lesson(form.cleaned_data["title"], form.cleaned_data["kind"])
    return _back(slug, f"section-{pk}")


@creator_required
@require_POST
def move(request: HttpRequest, slug: str) -> HttpResponse:
    """One step up or down for `lesson` or `section`; the buttons of the page without JavaScript."""
    version = shown_version(own_course(request, slug))
    order, direction = order_of(version), request.POST.get("direction", "")
    kind = "lesson" if "lesson" in request.POST else "section"
    if (named := number(request.POST.get(kind))) is None or direction not in ("up", "down"):
        raise Http404
    step = ordering.lesson_stepped if kind == "lesson" else ordering.section_stepped
    version.arrange(step(order, named, direction))
    return _back(slug, f"{kind}-{named}")
