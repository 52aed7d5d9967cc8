"""A creator's courses under the name of an institution of hers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from courses.models import Course, Listing
from creators.models import Institution

from .doors import creator_required


@creator_required
@require_POST
def list_course(request: HttpRequest, slug: str) -> HttpResponse:
    """The course that `course` names, by its slug."""
    found = get_object_or_404(Institution.objects.of(request.user), slug=slug)
    mine = Course.objects.editable_by(request.user).select_related("creator")
    course = get_object_or_404(mine, slug=request.POST.get("course", ""))
    Listing.objects.list_course(course, found, by=request.user)
    return redirect("institutions:desk", slug)


@creator_required
@require_POST
def end_listing(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = get_object_or_404(Listing.objects.found_by(request.user), institution__slug=slug, pk=pk)
    found.end(by=request.user)
    is_member = found.institution.may(request.user, "see")
    return redirect("institutions:desk", slug) if is_member else redirect("institutions:mine")
