"""Measures against what is on sale: takedowns of courses, suspensions of creators, and lifting both."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.doors import role_required
from courses.models import Course, Takedown
from creators.models import Creator, Suspension
from discovery import asking
from moderation import insights, suspensions
from moderation import takedowns as takedown_verbs
from moderation.forms import LiftForm, TakeDownForm
from payments.models import PayoutHold

ROWS_A_PAGE = 30
MOST_FOUND = 12


@role_required("moderator")
def takedowns(request: HttpRequest) -> HttpResponse:
    rows = Takedown.objects.select_related("course__creator", "taken_down_by", "lifted_by")
    page = Paginator(rows.order_by("-taken_down_at", "-id"), ROWS_A_PAGE).get_page(request.GET.get("page"))
    words = request.GET.get("q", "").strip()
    found = (
        list(asking.matching(Course.objects.on_sale(), words).select_related("creator")[:MOST_FOUND]) if words else []
    )
    return render(request, "moderation/takedowns.html", {"page": page, "words": words, "found": found})


@role_required("moderator")
def take_down(request: HttpRequest, slug: str) -> HttpResponse:
    course = get_object_or_404(Course.objects.select_related("creator__user"), slug=slug)
    form = TakeDownForm(request.POST or None)
    if form.is_valid():
        takedown_verbs.take_down(course, request.user, **form.cleaned_data)
        messages.success(request, _("“%(title)s” is off the sale.") % {"title": course.title})
        return redirect("moderation:takedowns")
    context = {"course": course, "form": form, "is_own": course.belongs_to(request.user)}
    return render(request, "moderation/take_down.html", context, status=422 if form.errors else 200)


@role_required("moderator")
def lift_takedown(request: HttpRequest, pk: int) -> HttpResponse:
    takedown = get_object_or_404(Takedown.objects.select_related("course__creator__user"), pk=pk, lifted_at=None)
    form = LiftForm(request.POST or None)
    if form.is_valid():
        takedown_verbs.lift(takedown, request.user, form.cleaned_data["reason"])
        messages.success(request, _("“%(title)s” is on sale again.") % {"title": takedown.course.title})
        return redirect("moderation:takedowns")
    context = {"takedown": takedown, "form": form}
    return render(request, "moderation/lift_takedown.html", context, status=422 if form.errors else 200)


@role_required("moderator")
def creator(request: HttpRequest, slug: str) -> HttpResponse:
    creator = get_object_or_404(Creator.objects.select_related("user"), slug=slug)
    suspended = creator.suspensions.select_related("suspended_by", "lifted_by").order_by("-suspended_at")
    context = {
        "creator": creator,
        "insights": insights.about(creator),
        "courses": creator.courses.order_by("-started_at", "-id"),
        "suspensions": suspended,
        "open_suspension": next((row for row in suspended if row.lifted_at is None), None),
        "payout_hold": PayoutHold.objects.open().filter(creator=creator).first(),
        "is_own": creator.user_id == request.user.pk,
    }
    return render(request, "moderation/creator.html", context)


@role_required("moderator")
def suspend(request: HttpRequest, slug: str) -> HttpResponse:
    creator = get_object_or_404(Creator.objects.select_related("user"), slug=slug)
    form = TakeDownForm(request.POST or None)
    if form.is_valid():
        suspensions.suspend(creator, request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s is suspended.") % {"name": creator.name})
        return redirect("moderation:creator", slug)
    return render(
        request, "moderation/suspend.html", {"creator": creator, "form": form}, status=422 if form.errors else 200
    )


@role_required("moderator")
def lift_suspension(request: HttpRequest, pk: int) -> HttpResponse:
    suspension = get_object_or_404(Suspension.objects.select_related("creator__user"), pk=pk, lifted_at=None)
    form = LiftForm(request.POST or None)
    if form.is_valid():
        suspensions.lift(suspension, request.user, form.cleaned_data["reason"])
        messages.success(request, _("%(name)s sells again.") % {"name": suspension.creator.name})
        return redirect("moderation:creator", suspension.creator.slug)
    context = {"suspension": suspension, "form": form}
    return render(request, "moderation/lift_suspension.html", context, status=422 if form.errors else 200)
