"""Finance's pages of the rules of sharing: their versions, and a new one with what it would have done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import role_required
from payments import rules as sharing_rules
from payments import rules_shown
from payments.rule_forms import IntroduceForm, RuleForm


@role_required("finance")
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    return render(request, "payments/rules.html", {"versions": sharing_rules.versions(), "form": RuleForm()})


@role_required("finance")
@require_GET
def preview_rule(request: HttpRequest) -> HttpResponse:
    """What the rule would have done to the last 90 days, before anybody confirms it."""
    form = RuleForm(request.GET)
    if not form.is_valid():
        context = {"versions": sharing_rules.versions(), "form": form}
        return render(request, "payments/rules.html", context, status=422)
    confirm = IntroduceForm(initial=request.GET.dict())
    return render(request, "payments/preview_rule.html", {"confirm": confirm, **rules_shown.preview(form.terms)})


@role_required("finance")
@require_POST
def introduce_rule(request: HttpRequest) -> HttpResponse:
    form = IntroduceForm(request.POST)
    if not form.is_valid():
        context = {"versions": sharing_rules.versions(), "form": form, "is_confirmation": True}
        return render(request, "payments/rules.html", context, status=422)
    sharing_rules.introduce(form.terms, by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("The rule is introduced. Creators are being written to."))
    return redirect("payments:rules")
