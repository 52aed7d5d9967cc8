"""The rule book for everybody, and its changes for the people who make them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import role_required
from moderation import rulebook
from moderation.models import RuleVersion
from moderation.rule_forms import CommentForm, WithdrawRuleForm, WordingForm


@require_GET
def book(request: HttpRequest) -> HttpResponse:
    present = rulebook.book()
    areas = [(area, [rule for rule in present.rules if rule.area == area.value]) for area in RuleVersion.Area]
    return render(request, "rules/book.html", {"book": present, "areas": areas})


@require_GET
def rule(request: HttpRequest, code: str) -> HttpResponse:
    return _rule(request, code, CommentForm())


@login_required
@require_POST
def comment(request: HttpRequest, code: str) -> HttpResponse:
    change, form = rulebook.announced_or_404(code), CommentForm(request.POST)
    if not form.is_valid():
        return _rule(request, code, form, status=422)
    change.comment(by=request.user, text=form.cleaned_data["text"])
    messages.success(request, _("Thank you. Your comment is with the people who decide on the rules."))
    return redirect("rules:rule", code)


def _rule(request: HttpRequest, code: str, form: CommentForm, status: int = 200) -> HttpResponse:
    history, present = rulebook.history_or_404(code), rulebook.book()
    change = next((wording for wording in present.coming if wording.code == code), None)
    context = {
        "code": code,
        "now": present.wording(code, None),
        "change": change,
        "history": [wording for wording in history if wording != change],
        "form": form,
        "mine": change.comments.filter(by=request.user.pk) if change else [],
    }
    return render(request, "rules/rule.html", context, status=status)


@role_required("admin")
def rule_changes(request: HttpRequest) -> HttpResponse:
    """Which changes wait, what was said of them, and the form of a new one."""
    form = WordingForm(request.POST or None, initial=_initial(request))
    if form.is_valid():
        change = rulebook.announce(**form.announced, by=request.user)
        messages.success(
            request, _("“%(title)s” is announced. Creators are being written to.") % {"title": change.title}
        )
        return redirect("moderation:rule_changes")
    context = {
        "waiting": rulebook.announced(),
        "rules": rulebook.book().rules,
        "form": form,
        "withdraw_form": WithdrawRuleForm(),
    }
    return render(request, "moderation/rule_changes.html", context, status=422 if form.errors else 200)


@role_required("admin")
@require_POST
def withdraw_rule(request: HttpRequest, pk: int) -> HttpResponse:
    change, form = get_object_or_404(RuleVersion, pk=pk), WithdrawRuleForm(request.POST)
    if form.is_valid():
        rulebook.withdraw(change, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The change is withdrawn."))
    else:
        messages.error(request, _("Say why the change is withdrawn."))
    return redirect("moderation:rule_changes")


def _initial(request: HttpRequest) -> dict[str, object]:
    """The present words of the rule that is to be changed."""
    now = rulebook.book().wording(request.GET.get("rule", ""), None)
    return WordingForm.words_of(now) if now else {}
