"""Institutions before moderators: which are verified, by what, and the next decision."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.doors import role_required
from creators.models import Institution, Verification
from moderation.institution_forms import VerificationForm


@role_required("moderator")
def institutions(request: HttpRequest) -> HttpResponse:
    rows = Institution.objects.order_by("is_verified", "started_at")[:200]
    return render(request, "moderation/institutions.html", {"rows": rows})


@role_required("moderator")
def institution(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Institution.objects.select_related("started_by"), slug=slug)
    form = VerificationForm(request.POST or None)
    if form.is_valid():
        try:
            Verification.objects.decide(found, by=request.user, **form.cleaned_data)
            return redirect("moderation:institution", slug)
        except ValidationError as error:
            form.add_error(None, error)
    context = {
        "institution": found, "form": form, "history": found.verifications.select_related("by"),
        "members": found.members.active().select_related("user"),
    }  # fmt: skip
    return render(request, "moderation/institution.html", context, status=422 if form.errors else 200)
