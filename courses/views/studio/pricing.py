"""What the course costs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from courses.forms import PriceForm, price_bounds
from courses.pricing import PriceOutOfBounds

from .doors import course_page, creator_required, own_course, shown_version


@creator_required
def pricing(request: HttpRequest, slug: str) -> HttpResponse:
    course = own_course(request, slug)
    form = PriceForm(request.POST) if request.method == "POST" else PriceForm.of(course)
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data
            course.set_price(said["price"], by=request.user, suggested=said["suggestion"])
            messages.success(request, _("The price is set."))
            return redirect("studio:pricing", slug)
        except PriceOutOfBounds as refusal:
            form.add_error(refusal.field, str(refusal))
    changes = course.price_changes.order_by("-changed_at", "-id")[:10]
    page = {"form": form, "bounds": price_bounds(), "price_changes": changes}
    status = 422 if form.errors else 200
    return course_page(request, "studio/pricing.html", course, shown_version(course), status=status, **page)
