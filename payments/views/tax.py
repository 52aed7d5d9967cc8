"""The finance team's rates of tax."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.doors import role_required

from ..models import TaxRate
from ..tax import rates
from ..tax.forms import TaxRateForm


@role_required("finance")
@require_http_methods(["GET", "POST"])
def tax_rates(request: HttpRequest) -> HttpResponse:
    """GET: every rate, past and to come. POST: a new one."""
    form = TaxRateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rate = TaxRate.objects.introduce(**form.rate(), by=request.user)
        messages.success(
            request, _("%(name)s of %(percent)s %% is noted.") % {"name": rate.name, "percent": rate.percent}
        )
        return redirect("payments:tax_rates")
    context = {"form": form, "rates": rates.listed(), "set_up": rates.set_up()}
    return render(request, "payments/tax_rates.html", context, status=422 if form.errors else 200)
