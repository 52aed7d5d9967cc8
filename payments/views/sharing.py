"""The public page that says how sales are shared, with a calculator in both directions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from payments import rules, rules_shown
from payments.rule_forms import CalculatorForm


@require_GET
def sharing(request: HttpRequest) -> HttpResponse:
    form = CalculatorForm(request.GET if "amount" in request.GET else CalculatorForm.example())
    context = {"form": form, "coming": rules.coming(), "rules": rules.present()}
    if form.is_valid():
        told = form.cleaned_data
        wants = told["direction"] == CalculatorForm.GETS
        answers = rules_shown.answers(told["money"], wants=wants, tax_bps=told["tax"])
        context |= {"answers": answers, "wants": wants, "amount": told["money"]}
    return render(request, "payments/sharing.html", context, status=422 if form.errors else 200)
