"""The curators' desk: collections with who changed what."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.doors import role_required
from courses.models import Collection, CollectionEdition
from courses.models.collection import WORDS
from courses.models.version import EditedElsewhere
from moderation.collection_forms import CollectionForm


@role_required("moderator")
def collections(request: HttpRequest) -> HttpResponse:
    rows = Collection.objects.select_related("present__by").order_by("-present__at")
    return render(request, "moderation/collections.html", {"rows": rows, "today": timezone.localdate()})


@role_required("moderator")
def create_collection(request: HttpRequest) -> HttpResponse:
    form = CollectionForm(request.POST or None, initial={"seen": 0, "starts_on": timezone.localdate()})
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = Collection.objects.start(form.told, told["courses"], by=request.user, why=told["why"])
            return redirect("moderation:collection", made.slug)
        except ValidationError as error:
            form.add_error(None, error)
    return _page(request, form, None)


@role_required("moderator")
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Collection.objects.select_related("present"), slug=slug)
    form = CollectionForm(request.POST or None, initial=_shown(found.present), present=found.present)
    if form.is_valid():
        told = form.cleaned_data
        try:
            found.write(form.told, told["courses"], by=request.user, why=told["why"], seen=told["seen"])
            messages.success(request, _("Saved."))
            return redirect("moderation:collection", slug)
        except (ValidationError, EditedElsewhere) as error:
            form.add_error(None, error if isinstance(error, ValidationError) else str(error))
    return _page(request, form, found)


def _shown(present: CollectionEdition) -> dict[str, object]:
    told = {name: getattr(present, name) for name in WORDS}
    courses = [course.get_absolute_url() for course in present.held()]
    return {**told, "courses": courses, "seen": present.number}


def _page(request: HttpRequest, form: CollectionForm, found: Collection | None) -> HttpResponse:
    history = found.editions.select_related("by") if found else []
    away = [course for course in found.present.held() if not course.is_listed] if found else []
    context = {"form": form, "collection": found, "history": history, "away": away}
    return render(request, "moderation/collection.html", context, status=422 if form.errors else 200)
