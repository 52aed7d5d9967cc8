"""How much a creator may keep: set by an administrator, for a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import role_required
from creators.models import Creator
from moderation.space_forms import SpaceForm
from videos.models import SpaceGrant


@role_required("admin")
@require_POST
def grant_space(request: HttpRequest, slug: str) -> HttpResponse:
    creator = get_object_or_404(Creator.objects.select_related("user"), slug=slug)
    form = SpaceForm(request.POST)
    if form.is_valid():
        SpaceGrant.objects.grant(owner=creator.user, by=request.user, **form.cleaned_data)
        messages.success(request, _("The space for originals is set."))
    else:
        messages.error(request, _("Say how many gigabytes, from 1 to 100,000, and why."))
    return redirect("moderation:creator", slug)
