"""The list for one person with its reasons and switches; following; and how evenly courses are shown."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from courses import shelves
from courses.models import Category, Course
from creators.models import Creator
from discovery.forms import GoalsForm, TasteForm
from discovery.matching import explained
from discovery.matching import exposure as evenness
from discovery.models import Dismissal, Exposure, Follow, Taste
from discovery.models.attention import DAYS_GRANTED, LOOKS_GRANTED

# The API has all.
MOST_LISTED = 50


@login_required
@require_safe
def for_you(request: HttpRequest) -> HttpResponse:
    return _page(request, TasteForm.of(request.user))


@login_required
@require_POST
def choose_taste(request: HttpRequest) -> HttpResponse:
    form = TasteForm.of(request.user, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    form.choose(request.user)
    messages.success(request, _("Your list follows these choices from now on."))
    return redirect("discovery:for_you")


@login_required
@require_POST
def choose_goals(request: HttpRequest) -> HttpResponse:
    """What she wants to learn, asked once; with `skip`, nothing of it. Her switches stay as they are."""
    form = GoalsForm(request.POST)
    if not form.is_valid():
        return _page(request, TasteForm.of(request.user), status=422)
    Taste.objects.answer(request.user, [] if "skip" in request.POST else list(form.cleaned_data["goals"]))
    return _back(request)


@login_required
@require_POST
def dismiss(request: HttpRequest, slug: str) -> HttpResponse:
    """Not interested; with `back`, interested again."""
    if "back" in request.POST:
        Dismissal.objects.bring_back(request.user, slug)
    else:
        course = get_object_or_404(Course.objects.listed(), slug=slug)
        Dismissal.objects.dismiss(request.user, course)
        messages.success(request, _("“%(course)s” will not stand here again.") % {"course": course.title})
    return _back(request)


@login_required
@require_POST
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow a creator; with `stop`, no longer. `to` says where to go on: the list, or the creator's page."""
    if "stop" in request.POST:
        creator = get_object_or_404(Creator, slug=slug)
        Follow.objects.unfollow(request.user, creator)
    else:
        creator = get_object_or_404(Creator.objects.visible(), slug=slug)
        Follow.objects.follow(request.user, creator)
    return redirect("discovery:for_you") if request.POST.get("to") == "list" else redirect(creator)


@require_safe
def exposure(request: HttpRequest) -> HttpResponse:
    figures = Exposure.objects.latest_one()
    context = {"exposure": figures, "line": evenness.line_of(figures.curve) if figures else "", "side": evenness.SIDE}
    granted = {"looks": LOOKS_GRANTED, "granted_days": DAYS_GRANTED, "days": evenness.DAYS}
    turns = {"in_turn": shelves.NEW_IN_TURN, "shelf_rows": shelves.SHELF_ROWS, "turn_minutes": shelves.TURN_S // 60}
    return render(request, "discovery/exposure.html", {**context, **granted, **turns})


def _back(request: HttpRequest) -> HttpResponse:
    return redirect("home" if request.POST.get("to") == "home" else "discovery:for_you")


def _page(request: HttpRequest, form: TasteForm, status: int = 200) -> HttpResponse:
    chosen = {
        "dismissed": Dismissal.objects.listed_for(request.user)[: MOST_LISTED + 1],
        "followed": Follow.objects.listed_for(request.user)[: MOST_LISTED + 1],
        "most": MOST_LISTED,
    }
    taste = Taste.objects.of(request.user)
    asked = {"is_asked": taste.is_new, "goals": Category.objects.shelves()}
    context = {"cards": explained.drawn(request.user, "h2", taste=taste), "form": form, **chosen, **asked}
    return render(request, "discovery/for_you.html", context, status=status)
