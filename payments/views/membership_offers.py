"""What a creator offers for a monthly payment, which courses it opens, and its end; finance's look, and the pass."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.doors import role_required
from courses.models import Course
from courses.views.studio.doors import creator_required, own_course

from ..memberships import agreeing, ending, figures
from ..memberships.forms import ClosingForm, OfferForm, PassForm
from ..models import Membership, MembershipCourse, MembershipOffer, PassListing
from ..models.membership_offer import MembershipPriceRefused


@creator_required
@require_http_methods(["GET", "POST"])
def offer_membership(request: HttpRequest) -> HttpResponse:
    """What new members get from now on; who is a member keeps what she agreed to."""
    creator, present = request.user.creator, MembershipOffer.objects.present(request.user.creator)
    form = OfferForm(request.POST if request.method == "POST" else None, offer=present)
    if _saved(request, form, lambda: MembershipOffer.objects.choose(creator, by=request.user, **form.told())):
        return redirect("payments:offer_membership")
    courses = Course.objects.on_sale().filter(creator=creator, price_minor__gt=0).order_by("title")
    context = {
        "offer": present, "form": form, "courses": courses, "figures": figures.of(creator), "are_on": agreeing.are_on(),
        "marked": set(MembershipCourse.objects.open().filter(course__in=courses).values_list("course_id", flat=True)),
        "in_pass": set(PassListing.objects.open().filter(course__in=courses).values_list("course_id", flat=True)),
        "opened": set(present.courses().values_list("pk", flat=True)) if present else set(),
        "closing_form": ClosingForm(), "pass_offer": MembershipOffer.objects.present(None),
    }  # fmt: skip
    return render(request, "payments/offer_membership.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, form: OfferForm, save: object) -> bool:
    if not form.is_bound or not form.is_valid():
        return False
    try:
        save()  # type: ignore[operator]
    except MembershipPriceRefused as refusal:
        form.add_error("amount", str(refusal))
    except ValidationError as unfit:
        form.add_error(None, unfit)
    else:
        messages.success(request, _("It counts for new members from now on."))
        return True
    return False


@creator_required
@require_POST
def mark_course(request: HttpRequest, slug: str) -> HttpResponse:
    """Into her membership, or with `into` "pass" into the pass; out of it without `on`."""
    course = own_course(request, slug)
    is_pass = request.POST.get("into") == "pass"
    rows = PassListing.objects if is_pass else MembershipCourse.objects
    if request.POST.get("on"):
        rows.place(course, by=request.user)
    else:
        rows.lift(course, by=request.user)
    messages.success(request, _("Saved."))
    return redirect("payments:pool" if is_pass else "payments:offer_membership")


@creator_required
@require_POST
def close_membership(request: HttpRequest) -> HttpResponse:
    form = ClosingForm(request.POST)
    if form.is_valid():
        ending.announce(request.user.creator, form.moment(), by=request.user)
        messages.success(request, _("Your members are told by mail."))
    else:
        messages.error(request, _("Choose the last day."))
    return redirect("payments:offer_membership")


@role_required("finance")
@require_GET
def finance_memberships(request: HttpRequest) -> HttpResponse:
    """Those of which a month did not come, all that run, or those that have ended; of everybody, or of one creator."""
    show, creator = request.GET.get("show", "trouble"), request.GET.get("creator", "")[:80]
    rows = Membership.objects.for_finance(show, creator)
    page = Paginator(rows.shown(), 24).get_page(request.GET.get("page"))
    return render(request, "payments/finance_memberships.html", {"page": page, "show": show, "creator": creator})


@role_required("finance")
@require_http_methods(["GET", "POST"])
def offer_pass(request: HttpRequest) -> HttpResponse:
    """The pass of the whole site: nobody is offered it before finance opens it here."""
    present = MembershipOffer.objects.present(None)
    form = PassForm(request.POST if request.method == "POST" else None, offer=present)
    if _saved(request, form, lambda: MembershipOffer.objects.choose(None, by=request.user, **form.told())):
        return redirect("payments:offer_pass")
    context = {
        "offer": present,
        "form": form,
        "figures": figures.of(None),
        "listed": PassListing.objects.open().count(),
    }
    return render(request, "payments/offer_pass.html", context, status=422 if form.errors else 200)
