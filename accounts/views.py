"""A person's own settings, API tokens and the theme of the pages."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.lib.kept_pages import THEMES

from .forms import SettingsForm
from .models import ApiToken


@login_required
def settings(request: HttpRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your settings are saved."))
        return redirect("accounts:settings")
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    fresh = None
    if request.method == "POST":
        fresh = ApiToken.objects.issue(request.user, request.POST.get("label") or "API")
    own = request.user.api_tokens.filter(revoked_at=None).order_by("-issued_at")
    return render(request, "accounts/tokens.html", {"tokens": own, "fresh": fresh})


@login_required
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(ApiToken, pk=pk, user=request.user).revoke()
    messages.success(request, _("The token no longer works."))
    return redirect("accounts:tokens")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or the system's choice in a cookie, for people with and without an account."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}):
        target = "/"
    response = redirect(target)
    choice = request.POST.get("theme", "system")
    response.set_cookie("theme", choice if choice in THEMES else "system", max_age=31_536_000, samesite="Lax")
    return response
