"""Refunds of everybody: those that wait for a second person, and those that are under way, with what is left."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import role_required
from moderation import impartial
from moderation.measures import agreeing
from moderation.models import RefundWave


@role_required("moderator")
@require_safe
def refunds(request: HttpRequest) -> HttpResponse:
    waves = [
        (wave, impartial.part_of(impartial.anew(wave.measure), request.user)) for wave in RefundWave.objects.waiting()
    ]
    context = {"waves": waves, "under_way": RefundWave.objects.under_way()}
    return render(request, "moderation/refunds.html", context)


@role_required("senior", confirmed=True)
@require_POST
def approve_refund(request: HttpRequest, pk: int) -> HttpResponse:
    wave = get_object_or_404(RefundWave.objects.select_related("measure"), pk=pk)
    agreeing.approve(wave, by=request.user, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("Everybody's money goes back now."))
    return redirect("moderation:refunds")


@role_required("senior")
@require_POST
def decline_refund(request: HttpRequest, pk: int) -> HttpResponse:
    wave = get_object_or_404(RefundWave.objects.select_related("measure"), pk=pk)
    agreeing.decline(wave, by=request.user, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("Declined: nobody is refunded."))
    return redirect("moderation:refunds")


@role_required("senior")
@require_POST
def resume_refund(request: HttpRequest, pk: int) -> HttpResponse:
    agreeing.resume(get_object_or_404(RefundWave, pk=pk), by=request.user)
    messages.success(request, _("It is tried again now."))
    return redirect("moderation:refunds")
