"""A creator's own courses: the list, and the birth of one."""

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from courses import standing
from courses.forms import StartForm
from courses.models import Course, Version

from .doors import creator_required


@creator_required
def courses(request: HttpRequest) -> HttpResponse:
    working = Prefetch("versions", queryset=Version.objects.working(), to_attr="working")
    mine = Course.objects.editable_by(request.user).select_related("creator").prefetch_related(working)
    mine = mine.order_by("-started_at", "-id")
    rows = []
    for course in mine:
        version = next(iter(course.working), None)
        rows.append({"course": course, "version": version, "standings": standing.of(course, version)})
    return render(request, "studio/courses.html", {"rows": rows})


@creator_required
def create(request: HttpRequest) -> HttpResponse:
    form = StartForm(request.POST or None)
    if form.is_valid():
        try:
            course = Course.objects.start(creator=request.user.creator, title=form.cleaned_data["title"])  # type: ignore[union-attr]
            return redirect("studio:edit", course.slug)
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "studio/create.html", {"form": form}, status=422 if form.errors else 200)
