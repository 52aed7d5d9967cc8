"""The public page of the rules by which learners take their money back themselves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace.lib import clock

from ..models import RefundRule


@require_safe
def refund_rules(request: HttpRequest) -> HttpResponse:
    return render(request, "payments/refund_rules.html", {"versions": RefundRule.objects.versions(at=clock.now())})
