"""Becoming a creator, one's own profile, and the profile that everybody sees."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from marketplace.lib.kept_pages import kept_page

from .forms import CreatorForm
from .models import Creator
from .structured import creator_data


@login_required
def become(request: HttpRequest) -> HttpResponse:
    if request.user.creator_or_none:
        return redirect("studio:courses")
    form = CreatorForm(request.POST or None, request.FILES or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        try:
            Creator.objects.become(user=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Welcome. This is your studio."))
            return redirect("studio:courses")
    return render(request, "creators/become.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def edit(request: HttpRequest) -> HttpResponse:
    creator = get_object_or_404(Creator, user=request.user)
    form = CreatorForm(request.POST or None, request.FILES or None, initial=_shown(creator))
    if request.method == "POST" and form.is_valid():
        try:
            creator.edit(form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your profile is saved."))
            return redirect("creators:edit")
    return render(request, "creators/edit.html", {"form": form, "creator": creator}, status=422 if form.errors else 200)


@kept_page
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    creator = get_object_or_404(Creator.objects.visible().select_related("user"), slug=slug)
    return render(request, "creators/detail.html", {"creator": creator, "structured": creator_data(creator)})


def _shown(creator: Creator) -> dict[str, str]:
    return {name: getattr(creator, name) for name in ("name", "headline", "bio", "country")}
