"""The page of a bundle, and a creator's bundles in the studio."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from courses.pricing import PriceOutOfBounds
from courses.views.studio.doors import creator_required

from .. import carts
from ..bundles import figures
from ..bundles.forms import BundlePriceForm, CoursesForm, MakeBundleForm, WithdrawForm, WordsForm
from ..bundles.offers import offers
from ..bundles.structured import bundle_data
from ..models import Bundle
from ..models.bundle import BundleNotSellable


@require_GET
def bundle(request: HttpRequest, slug: str) -> HttpResponse:
    shown = get_object_or_404(Bundle.objects.shown(), slug=slug)
    found = offers(request.user, [shown])
    if not found:
        if shown.belongs_to(request.user):
            return redirect("payments:edit_bundle", slug)
        raise Http404
    marked = {mark.bundle for mark in carts.marks(request.user, request.session).values()}
    context = {
        "bundle": shown, "offer": found[0], "is_own": shown.belongs_to(request.user), "in_cart": shown.pk in marked,
        "price_history": figures.price_history(shown), "structured": bundle_data(found[0]),
    }  # fmt: skip
    return render(request, "payments/bundle.html", context)


@creator_required
@require_GET
def bundles(request: HttpRequest) -> HttpResponse:
    rows = Bundle.objects.shown().of(request.user.creator)
    return render(request, "payments/bundles.html", {"bundles": rows})


@creator_required
def create_bundle(request: HttpRequest) -> HttpResponse:
    creator = request.user.creator
    form = MakeBundleForm(request.POST if request.method == "POST" else None, creator=creator, initial=_first(request))

    def make(told: dict[str, Any]) -> Bundle:
        named = {name: told[name] for name in ("title", "words", "courses", "price")}
        return Bundle.objects.make(by=request.user, creator=creator, **named)

    made = _done(form, make)
    if made is not None:
        messages.success(request, _("The bundle is made. Look at what each course gets, then offer it."))
        return redirect("payments:edit_bundle", made.slug)
    return render(request, "payments/create_bundle.html", {"form": form}, status=422 if form.errors else 200)


@creator_required
def edit_bundle(request: HttpRequest, slug: str) -> HttpResponse:
    """What it says; its price, its courses and whether it is offered have addresses of their own."""
    shown = _own(request, slug)
    form = WordsForm(request.POST) if request.method == "POST" else None
    if form is None:
        return _page(request, shown)

    def reword(told: dict[str, Any]) -> bool:
        shown.reword(by=request.user, **told)
        return True

    if _done(form, reword):
        messages.success(request, _("Saved."))
        return redirect("payments:edit_bundle", slug)
    return _page(request, shown, words_form=form)


@creator_required
@require_POST
def price_bundle(request: HttpRequest, slug: str) -> HttpResponse:
    shown, form = _own(request, slug), BundlePriceForm(request.POST)

    def set_price(told: dict[str, Any]) -> bool:
        shown.set_price(told["price"], by=request.user)
        return True

    if _done(form, set_price):
        messages.success(request, _("The price is set."))
        return redirect("payments:edit_bundle", slug)
    return _page(request, shown, price_form=form)


@creator_required
@require_POST
def choose_bundle_courses(request: HttpRequest, slug: str) -> HttpResponse:
    shown = _own(request, slug)
    form = CoursesForm(request.POST, creator=shown.creator)

    def choose(told: dict[str, Any]) -> bool:
        shown.choose(told["courses"], by=request.user)
        return True

    if _done(form, choose):
        messages.success(request, _("Saved."))
        return redirect("payments:edit_bundle", slug)
    return _page(request, shown, courses_form=form)


@creator_required
@require_POST
def offer_bundle(request: HttpRequest, slug: str) -> HttpResponse:
    _own(request, slug).offer(by=request.user)
    messages.success(request, _("The bundle is on sale."))
    return redirect("payments:edit_bundle", slug)


@creator_required
@require_POST
def withdraw_bundle(request: HttpRequest, slug: str) -> HttpResponse:
    form = WithdrawForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    _own(request, slug).withdraw(by=request.user, reason=reason)
    messages.success(request, _("The bundle is off the sale. Who is paying just now may finish."))
    return redirect("payments:edit_bundle", slug)


def _own(request: HttpRequest, slug: str) -> Bundle:
    return get_object_or_404(Bundle.objects.shown().of(request.user.creator), slug=slug)  # type: ignore[union-attr]


def _first(request: HttpRequest) -> dict[str, Any]:
    """A form that was opened from a course has it chosen, and the creator's own currency."""
    return {"courses": request.GET.getlist("course"), "currency": request.user.currency}  # type: ignore[union-attr]


def _done(form: forms.Form, act: Callable[[dict[str, Any]], Any]) -> Any:
    """What `act` made of a form that is right; None with the errors in the form. What it refuses stands there too."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except (BundleNotSellable, PriceOutOfBounds) as refusal:
        form.add_error("amount" if "amount" in form.fields else None, str(refusal))
    except ValidationError as wrong:
        form.add_error(None, wrong)
    return None


def _page(request: HttpRequest, shown: Bundle, **forms_with_errors: forms.Form) -> HttpResponse:
    kept = {"courses": [course.slug for course in shown.courses]}
    context = {
        "bundle": shown, "earned": figures.earned(shown), "sold": figures.sold(shown),
        "prices": shown.prices.order_by("-pk")[:10], "offerings": shown.offerings.select_related("by").order_by("-pk"),
        "words_form": WordsForm(initial={"title": shown.title, "words": shown.words}),
        "price_form": BundlePriceForm.of(shown), "courses_form": CoursesForm(creator=shown.creator, initial=kept),
        "withdraw_form": WithdrawForm(), **forms_with_errors,
    }  # fmt: skip
    return render(request, "payments/edit_bundle.html", context, status=422 if forms_with_errors else 200)
