"""Institutions: in public, at their members' desk, and the answer to an invitation."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.lib.kept_pages import kept_page

from .institution_forms import InstitutionForm, InviteForm
from .models import Institution, Invitation, Membership
from .structured import institution_data


@kept_page
def institutions(request: HttpRequest) -> HttpResponse:
    after = request.GET.get("after", "")
    rows, more = Institution.objects.public().page_after(after)
    context = {"institutions": rows, "more": more, "is_first": not after}
    return render(request, "institutions/institutions.html", context)


@kept_page
def institution(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Institution.objects.public(), slug=slug)
    context = {"institution": found, "proof": found.proof, "structured": institution_data(found)}
    return render(request, "institutions/institution.html", context)


@login_required
def mine(request: HttpRequest) -> HttpResponse:
    context = {
        "institutions": Institution.objects.of(request.user),
        "invitations": Invitation.objects.open().shown_to(request.user).select_related("institution", "invited_by"),
    }
    return render(request, "institutions/mine.html", context)


@login_required
def create_institution(request: HttpRequest) -> HttpResponse:
    form = InstitutionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = Institution.objects.start(by=request.user, **form.cleaned_data)
            return redirect("institutions:desk", made.slug)
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "institutions/create.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    found = _hers(request, slug)
    form = InstitutionForm(request.POST or None, initial={name: getattr(found, name) for name in Institution.FIELDS})
    if request.method == "POST" and form.is_valid():
        try:
            found.edit(form.cleaned_data, by=request.user)
            messages.success(request, _("Saved."))
            return redirect("institutions:desk", slug)
        except ValidationError as error:
            form.add_error(None, error)
    return _desk(request, found, form, InviteForm())


@login_required
@require_POST
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    found, form = _hers(request, slug), InviteForm(request.POST)
    if form.is_valid():
        try:
            Invitation.objects.invite(found, **form.cleaned_data, by=request.user)
            messages.success(request, _("The invitation is on its way."))
            return redirect("institutions:desk", slug)
        except ValidationError as error:
            form.add_error(None, error)
    return _desk(request, found, InstitutionForm(initial={n: getattr(found, n) for n in Institution.FIELDS}), form)


@login_required
@require_POST
def withdraw_invitation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    get_object_or_404(_hers(request, slug).invitations.open(), pk=pk).withdraw(by=request.user)
    return redirect("institutions:desk", slug)


@login_required
@require_POST
def change_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Another role; without one, out of the institution."""
    member = get_object_or_404(_hers(request, slug).members.active(), pk=pk)
    role = request.POST.get("role", "")
    if role in Membership.Role.values:
        member.change_role(role, by=request.user)
    else:
        member.end(by=request.user)
    is_own = member.user_id == request.user.pk
    return redirect("institutions:mine") if is_own else redirect("institutions:desk", slug)


@login_required
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Shown to whom it was sent, and answered."""
    found = get_object_or_404(
        Invitation.objects.to(request.user).select_related("institution", "invited_by"), code=code
    )
    if request.method == "POST":
        is_yes = "yes" in request.POST
        found.reply(is_yes, by=request.user)
        return redirect("institutions:desk", found.institution.slug) if is_yes else redirect("institutions:mine")
    return render(request, "institutions/invitation.html", {"invitation": found})


def _hers(request: HttpRequest, slug: str) -> Institution:
    return get_object_or_404(Institution.objects.of(request.user), slug=slug)


def _desk(request: HttpRequest, found: Institution, form: InstitutionForm, invite_form: InviteForm) -> HttpResponse:
    may = {act: found.may(request.user, act) for act in ("edit", "list", "manage")}
    context = {
        "institution": found, "form": form, "invite_form": invite_form, "may": may, "roles": Membership.Role.choices,
        "members": found.members.active().select_related("user"), "invitations": found.invitations.open(),
        "decision": found.verifications.first(),
    }  # fmt: skip
    status = 422 if form.errors or invite_form.errors else 200
    return render(request, "institutions/desk.html", context, status=status)
