"""Measures against what is published: what can be done, what it would do, the decision, and taking it back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import role_required
from accounts.second_factor import must_be_confirmed
from courses.models import Course, Takedown
from creators.models import Creator, Suspension
from discovery import finding
from moderation import impartial, insights, measures, targets
from moderation.forms import LiftForm
from moderation.measure_forms import MeasureForm
from moderation.measures import EffectChanged, adopting
from moderation.measures.wish import Wish
from moderation.models import Case, Measure
from moderation.space_forms import SpaceForm
from moderation.views.ending import ending_page
from payments.models import PayoutHold
from videos import space

ROWS_A_PAGE = 30
MOST_FOUND = 12


@role_required("moderator")
def takedowns(request: HttpRequest) -> HttpResponse:
    """Every measure, and the door to a new one against a course on sale."""
    page = Paginator(Measure.objects.with_all().decisions().order_by("-decided_at", "-id"), ROWS_A_PAGE)
    words = request.GET.get("q", "").strip()
    found = (
        list(finding.matching(Course.objects.on_sale(), words).select_related("creator")[:MOST_FOUND]) if words else []
    )
    context = {"page": page.get_page(request.GET.get("page")), "words": words, "found": found}
    return render(request, "moderation/takedowns.html", context)


@role_required("moderator")
def take_down(request: HttpRequest, slug: str) -> HttpResponse:
    """The measure's page with that action chosen."""
    get_object_or_404(Course, slug=slug)
    return redirect(f"{_measure_url('course', slug)}?action=unpublish")


@role_required("moderator")
def suspend(request: HttpRequest, slug: str) -> HttpResponse:
    get_object_or_404(Creator, slug=slug)
    return redirect(f"{_measure_url('creator', slug)}?action=suspend")


@role_required("moderator")
def measure(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """What can be done to a thing without a case. POST shows what was written, on the way back from the preview."""
    target = target_or_404(kind, key)
    form = MeasureForm(
        target, by=request.user, data=request.POST or None, initial={"action": request.GET.get("action")}
    )
    context = {"target": target, "form": form, "part": impartial.part_of(impartial.of_target(target), request.user)}
    return render(request, "moderation/measure.html", context)


@role_required("moderator")
@require_POST
def weigh(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """What the decision would do, before it is confirmed."""
    form = _form(request, kind, key)
    if not form.is_valid():
        return _again(request, form)
    return _effect(request, form.wish, measures.preview(form.wish, request.user))


@role_required("moderator")
@require_POST
def decide(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    form = _form(request, kind, key)
    if not form.is_valid():
        return _again(request, form)
    if form.wish.takes_back:
        must_be_confirmed(request)
    try:
        done = measures.decide(form.wish, request.user, seen=request.POST.get("effect_version", ""))
    except EffectChanged as changed:
        messages.warning(request, str(changed))
        return _effect(request, form.wish, changed.effect, status=409)
    messages.success(request, _("Decided: %(action)s.") % {"action": done.get_action_display()})
    return redirect("moderation:cases" if done.case_id else "moderation:takedowns")


@role_required("moderator")
def reverse(request: HttpRequest, pk: int) -> HttpResponse:
    return _reverse(request, get_object_or_404(Measure.objects.with_all(), pk=pk, reverses=None, reversal=None))


@role_required("moderator")
def lift_takedown(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Takedown.objects.select_related("course__creator__user", "taken_down_by")
    return _reverse(request, adopting.of_takedown(get_object_or_404(rows, pk=pk, lifted_at=None)))


@role_required("moderator")
def lift_suspension(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Suspension.objects.select_related("creator__user", "suspended_by")
    return _reverse(request, adopting.of_suspension(get_object_or_404(rows, pk=pk, lifted_at=None)))


@role_required("moderator")
def creator(request: HttpRequest, slug: str) -> HttpResponse:
    creator = get_object_or_404(Creator.objects.select_related("user"), slug=slug)
    suspended = creator.suspensions.select_related("suspended_by", "lifted_by").order_by("-suspended_at")
    context = {
        "creator": creator,
        "insights": insights.about(creator),
        "courses": creator.courses.order_by("-started_at", "-id"),
        "measures": creator.measures.with_all().decisions().order_by("-decided_at", "-id")[:ROWS_A_PAGE],
        "open_suspension": next((row for row in suspended if row.lifted_at is None), None),
        "payout_hold": PayoutHold.objects.open().filter(creator=creator).first(),
        "is_own": creator.user_id == request.user.pk,
        "space": space.of(creator.user),
        "space_grants": creator.user.space_grants.select_related("granted_by")[:5],
        "space_form": SpaceForm(),
    }
    return render(request, "moderation/creator.html", context)


def target_or_404(kind: str, key: str) -> targets.Target:
    target = targets.find(kind, key)
    if target is None:
        raise Http404
    return target


def _measure_url(kind: str, key: str) -> str:
    return redirect("moderation:measure", kind, key).url


def _form(request: HttpRequest, kind: str, key: str) -> MeasureForm:
    named = request.POST.get("case", "")
    case = get_object_or_404(Case, pk=named, kind=kind, key=key) if named.isdecimal() else None
    target = case.target if case else target_or_404(kind, key)
    return MeasureForm(target, by=request.user, case=case, data=request.POST)


def _again(request: HttpRequest, form: MeasureForm) -> HttpResponse:
    part = impartial.part_of(impartial.of_target(form.target, form.case), request.user)
    context = {"target": form.target, "case": form.case, "form": form, "part": part}
    return render(request, "moderation/measure.html", context, status=422)


def _effect(request: HttpRequest, wish: Wish, effect: measures.Effect, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"wish": wish, "effect": effect, "carried": MeasureForm.carried(request.POST)}
    return render(request, "moderation/weigh.html", context, status=status)


def _reverse(request: HttpRequest, measure: Measure) -> HttpResponse:
    form = LiftForm(request.POST or None)
    if form.is_valid() and "change" not in request.POST:
        return _reversed(request, measure, form.cleaned_data)
    context = {
        "measure": measure,
        "form": form,
        "part": impartial.part_of(impartial.of_measure(measure), request.user),
    }
    return render(request, "moderation/reverse.html", context, status=422 if form.errors else 200)


def _reversed(request: HttpRequest, measure: Measure, said: dict[str, str]) -> HttpResponse:
    """First what it would do, then, with the version of that, the end."""
    title = _("Take it back")
    if "effect_version" not in request.POST:
        found = measures.preview_reversal(measure, request.user, said["reason"])  # type: ignore[arg-type]
        return ending_page(request, measure, title, found, said)
    try:
        measures.reverse(measure, request.user, **said, seen=request.POST["effect_version"])  # type: ignore[arg-type]
    except measures.EndingChanged as changed:
        messages.warning(request, str(changed))
        return ending_page(request, measure, title, changed.ending, said, status=409)
    messages.success(request, _("Taken back: “%(title)s”.") % {"title": measure.title})
    return redirect("moderation:takedowns")
