"""What the course page says: title, promise, description, lists, category, cover."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import lesson_text
from courses.forms import CoverForm, DetailsForm
from courses.models import TaughtSkill
from courses.skill_forms import SkillsForm
from marketplace.lib import markdown

from . import saving
from .doors import course_page, creator_required, own_course, shown_version


@creator_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    course = own_course(request, slug)
    version, status = shown_version(course), 200
    form = DetailsForm(request.POST) if request.method == "POST" else DetailsForm.of(version)
    if request.method == "POST":
        status = saving.status_of(
            form, lambda: version.edit(form.changes, by=request.user, revision=form.revision_seen)
        )
    if status == saving.SAVED:
        messages.success(request, _("Saved."))
        return redirect("studio:edit", slug)
    page = {"form": form, "cover_form": CoverForm(), "is_conflict": status == 409}
    page["skills_form"] = SkillsForm(version=version)
    return course_page(request, "studio/edit.html", course, version, status=status, **page)


@creator_required
@require_POST
def cover(request: HttpRequest, slug: str) -> HttpResponse:
    course = own_course(request, slug)
    form = CoverForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            shown_version(course).change_cover(form.cleaned_data["cover"], by=request.user)
            messages.success(request, _("The cover is changed."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    else:
        messages.error(request, _("Choose a picture first."))
    return redirect("studio:edit", slug)


@creator_required
@require_POST
def skills(request: HttpRequest, slug: str) -> HttpResponse:
    version = shown_version(own_course(request, slug))
    form = SkillsForm(request.POST, version=version)
    if form.is_valid():
        try:
            TaughtSkill.objects.put(version, form.taught, by=request.user)
            messages.success(request, _("What the course teaches is saved."))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    else:
        messages.error(request, " ".join(line for lines in form.errors.values() for line in lines))
    return redirect("studio:edit", slug)


@creator_required
@require_POST
def text_preview(request: HttpRequest) -> HttpResponse:
    """What a text in Markdown becomes: a fragment for the page's script, a page of its own without it."""
    post = request.POST
    # A course's description stays words alone; the text of a lesson may have formulas, and pictures of its own.
    is_rich = "description" not in post
    text = next((post[name] for name in ("description", "article", "text", "intro", "task") if name in post), "")[
        :100_000
    ]
    html = lesson_text.preview(request.user, post.get("lesson", ""), text) if is_rich else markdown.render(text)
    is_fragment = request.headers.get("X-Requested-With") == "fetch"
    template = "studio/_text.html" if is_fragment else "studio/text_preview.html"
    return render(request, template, {"html": html})
