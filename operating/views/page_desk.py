"""Where administrators write the house's own pages."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.doors import role_required
from marketplace.lib.errors import DomainError
from operating.models import CustomPage, PageShowing, PageVersion
from operating.models.page import WORDS
from operating.page_forms import Beside, NewPageForm, PageForm, PublishPageForm, WithdrawPageForm


@role_required("admin")
@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    rows = CustomPage.objects.select_related("present__version", "present__by").prefetch_related("versions__by")
    return render(request, "operating/pages.html", {"rows": rows})


@role_required("admin")
def create_page(request: HttpRequest) -> HttpResponse:
    form = NewPageForm(request.POST or None, initial={"seen": 0, "slug": request.GET.get("slug", "")})
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = CustomPage.objects.start(told["slug"], form.words, by=request.user, why=told["why"])
            return redirect("operating:edit_page", made.slug)
        except (ValidationError, DomainError) as error:
            _say(form, error)
    return _page(request, None, form)


@role_required("admin")
def edit_page(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(CustomPage.objects.select_related("present__version"), slug=slug)
    newest = found.newest
    initial = {**{name: getattr(newest, name) for name in WORDS}, "seen": newest.number}
    form = PageForm(request.POST or None, initial=initial)
    if form.is_valid():
        told = form.cleaned_data
        try:
            found.write(form.words, by=request.user, why=told["why"], seen=told["seen"])
            messages.success(request, _("Saved as a draft. Readers see it when it is published."))
            return redirect("operating:edit_page", slug)
        except (ValidationError, DomainError) as error:
            _say(form, error)
    return _page(request, found, form)


@role_required("admin")
@require_safe
def preview_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A version as readers would see it, for whoever may write it."""
    version = get_object_or_404(
        PageVersion.objects.select_related("page__present__version"), page__slug=slug, number=number
    )
    return render(request, "operating/preview.html", {"page": version.page, "version": version, "said": version.said})


@role_required("admin", confirmed=True)
@require_POST
def publish_page(request: HttpRequest, slug: str) -> HttpResponse:
    return _decided(request, slug, "publish", PublishPageForm(request.POST), CustomPage.publish)


@role_required("admin", confirmed=True)
@require_POST
def withdraw_page(request: HttpRequest, slug: str) -> HttpResponse:
    return _decided(request, slug, "withdraw", WithdrawPageForm(request.POST), CustomPage.withdraw)


def _decided(request: HttpRequest, slug: str, name: str, form: Beside, act: Callable[..., PageShowing]) -> HttpResponse:
    """What readers see is decided by a form beside the page's own."""
    found = get_object_or_404(CustomPage, slug=slug)
    if not form.is_valid():
        return _page(request, found, **{name: form})
    try:
        row = act(found, **form.told, by=request.user)
    except PageVersion.DoesNotExist:
        raise Http404 from None
    withdrawn, shown = _("The page is withdrawn. Its versions stay readable."), _("Readers see version %(number)d.")
    messages.success(request, shown % {"number": row.version.number} if row.version else withdrawn)
    return redirect("operating:edit_page", slug)


def _say(form: PageForm, error: Exception) -> None:
    form.add_error(None, error if isinstance(error, ValidationError) else str(error))


def _page(request: HttpRequest, found: CustomPage | None, form: PageForm | None = None, **forms: Any) -> HttpResponse:
    context: dict[str, Any] = {"page": found}
    if found:
        newest, present = found.newest, found.present
        kept = {"in_foot": bool(present and present.in_foot), "place": present.place if present else 0}
        form = form or PageForm(initial={**{n: getattr(newest, n) for n in WORDS}, "seen": newest.number})
        context |= {
            "publish": PublishPageForm(initial={"number": newest.number, "seen": found.present_id or 0, **kept}),
            "withdraw": WithdrawPageForm(initial={"seen": found.present_id or 0}),
        }
        context |= {"newest": newest, "versions": found.versions.select_related("by").prefetch_related("showings")}
    context |= {"form": form, **forms}
    wrong = any(each.errors for each in (form, *forms.values()) if each is not None)
    return render(request, "operating/edit_page.html", context, status=422 if wrong else 200)
