"""Where administrators name the site and choose its look; and the style sheet that comes of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import role_required
from marketplace.lib.errors import DomainError
from operating import colors
from operating import look as looks
from operating.look_forms import AgainForm, LookForm
from operating.models import Look
from operating.models.look import WORDS

VERMILION = "#c2361d"


@require_safe
@cache_control(max_age=31_536_000, public=True, immutable=True)
def stylesheet(request: HttpRequest, number: int, digest: str) -> HttpResponse:
    """Of one look, as this release makes it: another look or another release is another address."""
    sheet = looks.stylesheet(get_object_or_404(Look, number=number))
    if digest != looks.digest(sheet):
        raise Http404
    return HttpResponse(sheet, content_type="text/css; charset=utf-8")


@role_required("admin", confirmed=True)
def look(request: HttpRequest) -> HttpResponse:
    form = LookForm(request.POST or None, request.FILES or None, initial=_initial())
    if request.method == "POST" and form.is_valid() and "try" not in request.POST:
        told = form.cleaned_data
        try:
            Look.objects.change(form.words, form.pictures, by=request.user, why=told["why"], seen=told["seen"])
            messages.success(request, _("Saved. It shows everywhere within five seconds."))
            return redirect("operating:look")
        except (ValidationError, DomainError) as error:
            form.add_error(None, error if isinstance(error, ValidationError) else str(error))
    return _page(request, form)


@role_required("admin", confirmed=True)
@require_POST
def look_again(request: HttpRequest, number: int) -> HttpResponse:
    get_object_or_404(Look, number=number)
    form = AgainForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why, for the record."))
        return redirect("operating:look")
    Look.objects.again(number, **form.cleaned_data, by=request.user)
    messages.success(request, _("The site looks as in version %(number)d again.") % {"number": number})
    return redirect("operating:look")


def _initial() -> dict[str, Any]:
    present = Look.objects.present()
    if present is None:
        return {"seen": 0, "name_en": looks.name("en"), "name_zh": looks.name("zh"), "language": "en"}
    return {"seen": present.number} | {name: getattr(present, name) for name in WORDS}


def _page(request: HttpRequest, form: LookForm) -> HttpResponse:
    accent = str(form["accent"].value() or VERMILION).lower()
    context = {
        "form": form,
        "present": Look.objects.present(),
        "versions": Look.objects.select_related("by")[:50],
        "samples": _samples(accent) if colors.HEX.fullmatch(accent) and colors.is_readable(accent) else [],
    }
    return render(request, "operating/look.html", context, status=422 if form.errors else 200)


def _samples(accent: str) -> list[dict[str, Any]]:
    """Buttons and words as they would stand, with the contrast of each."""
    made, white = colors.tints(accent), colors.on_accent()
    light, dark = colors.from_oklch(*colors.LIGHT_GROUND), colors.from_oklch(*colors.DARK_GROUND)
    pairs = [
        (_("Button, light"), made.accent_light, white),
        (_("Button, dark"), made.accent_dark, white),
        (_("Words, light"), light, made.ink_light),
        (_("Words, dark"), dark, made.ink_dark),
    ]
    return [
        {"name": name, "ground": ground, "ink": ink, "contrast": f"{colors.contrast(ground, ink):.1f}"}
        for name, ground, ink in pairs
    ]
