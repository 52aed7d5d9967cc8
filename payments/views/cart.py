"""The cart's page, and putting in and taking out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.models import Course

from .. import carts


def cart(request: HttpRequest) -> HttpResponse:
    return render(request, "payments/cart.html", {"cart": carts.of(request.user, request.session)})


@require_POST
def cart_add(request: HttpRequest) -> HttpResponse:
    course = _course(request)
    carts.put(request.user, request.session, course)
    messages.success(request, _("“%(course)s” is in your cart.") % {"course": course.title})
    return redirect("payments:cart")


@require_POST
def cart_remove(request: HttpRequest) -> HttpResponse:
    carts.take_out(request.user, request.session, [_course(request)])
    return redirect("payments:cart")


def _course(request: HttpRequest) -> Any:
    return get_object_or_404(Course.objects.select_related("creator"), slug=request.POST.get("course", ""))
