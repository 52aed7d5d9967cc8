"""Refunds of everybody that wait for a second person."""

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
    return render(request, "moderation/refunds.html", {"waves": waves})


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
